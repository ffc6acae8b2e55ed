/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The retail prices API (prices.azure.com, no sign-in): virtual machines of every region, with the
 * rows for Windows, Spot and Low Priority that a client has to leave out. The numbers are of the
 * right order and no more. Any thread. */

#include <string.h>

#include "lwp-arm.h"
#include "lwp-region.h"
#include "lwp-vm-sizes.h"

#define HOST "prices.azure.com"
#define PAGE_ITEMS 100
#define MAX_TERMS 16
#define MAX_SKIP 1000000

typedef struct
{
  const char *suffix;  /* of meter and SKU */
  const char *product; /* end of the product's name */
  const char *type;    /* of price */
  double factor;
} Variant;

static const Variant variants[] = {
  { "", "", "Consumption", 1.0 },
  { " Low Priority", "", "Consumption", 0.2 },
  { " Spot", "", "Consumption", 0.18 },
  { "", " Windows", "Consumption", 1.85 },
  { "", " Windows", "DevTestConsumption", 1.0 },
};

typedef struct
{
  char *name;
  char *value;
} Term;

static void
term_clear (Term *term)
{
  g_free (term->name);
  g_free (term->value);
}

/* Reads "name eq 'value' and …", the form in which the documentation shows every filter. */
static gboolean
parse_filter (const char *filter, GArray *terms)
{
  const char *at = filter;

  while (*at != '\0')
    {
      gsize name_length = strspn (at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
      const char *value;
      gsize length;
      Term term;

      if (name_length == 0 || strncmp (at + name_length, " eq '", 5) != 0
          || terms->len == MAX_TERMS)
        return FALSE;
      value = at + name_length + 5;
      length = strcspn (value, "'");
      if (value[length] != '\'')
        return FALSE;
      term.name = g_strndup (at, name_length);
      term.value = g_strndup (value, length);
      g_array_append_val (terms, term);
      at = value + length + 1;
      if (g_str_has_prefix (at, " and "))
        at += strlen (" and ");
      else if (*at != '\0')
        return FALSE;
    }
  return TRUE;
}

/* "Standard_DS11_v2" is sold as "DS11 v2". */
static char *
dup_sku_name (const LwpVmSize *size, const Variant *variant)
{
  const char *underscore = strchr (size->name, '_');
  g_autofree char *name = g_strdup (underscore != NULL ? underscore + 1 : size->name);

  g_strdelimit (name, "_", ' ');
  return g_strconcat (name, variant->suffix, NULL);
}

static char *
dup_product_name (const LwpVmSize *size, const Variant *variant)
{
  g_auto (GStrv) words = g_strsplit (size->family_label, " ", -1);

  return g_strdup_printf ("Virtual Machines %s Series%s",
                          g_strv_length (words) > 1 ? words[1] : words[0], variant->product);
}

static JsonObject *
make_item (const LwpRegion *region, const LwpVmSize *size, const Variant *variant)
{
  JsonObject *item
      = lwp_json_new ("{'currencyCode':'USD','tierMinimumUnits':0.0,"
                      "'effectiveStartDate':'2024-01-01T00:00:00Z',"
                      "'serviceName':'Virtual Machines','serviceId':'DZH313Z7MMC8',"
                      "'serviceFamily':'Compute','unitOfMeasure':'1 Hour',"
                      "'isPrimaryMeterRegion':true}");
  g_autofree char *sku = dup_sku_name (size, variant);
  g_autofree char *product = dup_product_name (size, variant);
  g_autofree char *meter = g_strdup_printf ("%s/%s/%s/%s", region->name, product, sku,
                                            variant->type);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, meter, -1);
  g_autofree char *meter_id
      = g_strdup_printf ("%.8s-%.4s-%.4s-%.4s-%.12s", hash, hash + 8, hash + 12, hash + 16,
                         hash + 20);
  /* To a tenth of a cent, as prices are printed. */
  double price
      = (double) (gint64) (size->price * region->price_factor * variant->factor * 1000 + 0.5)
        / 1000;

  json_object_set_double_member (item, "retailPrice", price);
  json_object_set_double_member (item, "unitPrice", price);
  json_object_set_string_member (item, "armRegionName", region->name);
  json_object_set_string_member (item, "location", region->display_name);
  json_object_set_string_member (item, "meterId", meter_id);
  json_object_set_string_member (item, "meterName", sku);
  json_object_set_string_member (item, "productName", product);
  json_object_set_string_member (item, "skuName", sku);
  json_object_set_string_member (item, "type", variant->type);
  json_object_set_string_member (item, "armSkuName", size->name);
  return item;
}

/* Values are compared with case, as since 2023-01-01-preview. */
static gboolean
fits (JsonObject *item, GArray *terms)
{
  for (guint i = 0; i < terms->len; i++)
    {
      const Term *term = &g_array_index (terms, Term, i);
      const char *name = strcmp (term->name, "priceType") == 0 ? "type" : term->name;

      if (g_strcmp0 (lwp_json_get_string (item, name), term->value) != 0)
        return FALSE;
    }
  return TRUE;
}

/* All that fit; the caller cuts out its page. */
static GPtrArray *
find_items (GArray *terms)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  gsize n_regions;
  gsize n_sizes;
  const LwpRegion *regions = lwp_region_get_all (&n_regions);
  const LwpVmSize *sizes = lwp_vm_sizes_get (&n_sizes);

  for (gsize i = 0; i < n_regions * n_sizes * G_N_ELEMENTS (variants); i++)
    {
      gsize variant = i % G_N_ELEMENTS (variants);
      gsize size = i / G_N_ELEMENTS (variants) % n_sizes;
      gsize region = i / G_N_ELEMENTS (variants) / n_sizes;
      g_autoptr (JsonObject) item
          = make_item (&regions[region], &sizes[size], &variants[variant]);

      if (fits (item, terms))
        g_ptr_array_add (items, g_steal_pointer (&item));
    }
  return items;
}

static char *
dup_next_link (LwpRequest *request, const char *filter, guint64 skip)
{
  g_autofree char *escaped = g_uri_escape_string (filter, NULL, FALSE);

  /* With the port, as the real one writes it. */
  return g_strdup_printf ("https://" HOST ":443%s?$filter=%s&$skip=%" G_GUINT64_FORMAT,
                          lwp_request_get_raw_path (request), escaped, skip);
}

static LwpResponse *
list (LwpCloud *cloud, LwpRequest *request, gpointer user_data)
{
  const char *filter = lwp_request_get_query (request, "$filter");
  const char *skip_text = lwp_request_get_query (request, "$skip");
  g_autoptr (GArray) terms = g_array_new (FALSE, FALSE, sizeof (Term));
  g_autoptr (GPtrArray) items = NULL;
  guint64 skip = 0;
  JsonArray *page;
  JsonObject *root;

  g_array_set_clear_func (terms, (GDestroyNotify) term_clear);
  if (filter == NULL)
    filter = "";
  if (!parse_filter (filter, terms)
      || (skip_text != NULL
          && !g_ascii_string_to_unsigned (skip_text, 10, 0, MAX_SKIP, &skip, NULL)))
    return lwp_response_new_json (400, lwp_json_new ("{'Error':{'Code':'BadRequest',"
                                                     "'Message':'Invalid OData parameters "
                                                     "supplied'}}"));
  items = find_items (terms);
  page = json_array_new ();
  for (guint64 i = skip; i < items->len && i < skip + PAGE_ITEMS; i++)
    json_array_add_object_element (page, json_object_ref (g_ptr_array_index (items, i)));
  root = lwp_json_new ("{'BillingCurrency':'USD','CustomerEntityId':'Default',"
                       "'CustomerEntityType':'Retail','NextPageLink':null}");
  json_object_set_int_member (root, "Count", json_array_get_length (page));
  json_object_set_array_member (root, "Items", page);
  if (skip + PAGE_ITEMS < items->len)
    {
      g_autofree char *next = dup_next_link (request, filter, skip + PAGE_ITEMS);

      json_object_set_string_member (root, "NextPageLink", next);
    }
  return lwp_response_new_json (200, root);
}

static const LwpRoute routes[] = {
  { "GET", "/api/retail/prices", list, LWP_ROUTE_OPEN },
};

gboolean
lwp_prices_register (LwpCloud *cloud, GError **error)
{
  lwp_router_add (lwp_cloud_get_router (cloud), HOST, routes, G_N_ELEMENTS (routes), NULL);
  return TRUE;
}

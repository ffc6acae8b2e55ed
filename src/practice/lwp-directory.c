/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tenants, people and subscriptions of the practice cloud: constant tables, any thread. */

#include "lwp-directory.h"

#include <string.h>

#define HOME_TENANT "5f2a6c1e-9f64-4b7e-8f0d-3c1b7a90d211"
#define PARTNER_TENANT "c0d3f1aa-2b57-4e0b-9a6c-7e5d1f4408b3"

static const LwpTenant tenants[] = {
  { HOME_TENANT, "Labwalk Practice University", "labwalk.example" },
  /* A guest's directory without subscriptions, as many people have. */
  { PARTNER_TENANT, "Labwalk Partner School", "partner.labwalk.example" },
};

static const LwpAccount accounts[] = {
  { "8a1d7c52-6c1f-4a55-9d0e-2f6b0c9b7e11", "김하늘 (Haneul Kim)", "haneul@labwalk.example" },
};

static const LwpSubscription subscriptions[] = {
  { "2c9e4d10-7b35-4f7a-a1c6-90f5d2e8b764", HOME_TENANT, "Azure for Students (practice)",
    "AzureForStudents_2018-01-01", "On" },
};

/* The application for client credentials. Its secret opens nothing but a practice cloud, and is
 * written here so that automatic tests can use that flow. */
static const struct
{
  const char *client;
  const char *secret;
  LwpAccount account;
} application = {
  "b7a0f6de-31c8-4d15-8a8b-54e6c2f09d3a",
  "practice-only",
  { "e3b91c44-0f0a-4f29-b2ad-6a7c8d5e1f02", "Labwalk practice automation", "" },
};

const LwpTenant *
lwp_directory_get_tenants (gsize *n_tenants)
{
  *n_tenants = G_N_ELEMENTS (tenants);
  return tenants;
}

const LwpSubscription *
lwp_directory_get_subscriptions (gsize *n_subscriptions)
{
  *n_subscriptions = G_N_ELEMENTS (subscriptions);
  return subscriptions;
}

const LwpAccount *
lwp_directory_get_accounts (gsize *n_accounts)
{
  *n_accounts = G_N_ELEMENTS (accounts);
  return accounts;
}

gboolean
lwp_directory_is_any_tenant (const char *name)
{
  return g_ascii_strcasecmp (name, "organizations") == 0
         || g_ascii_strcasecmp (name, "common") == 0;
}

const LwpTenant *
lwp_directory_find_tenant (const char *name)
{
  if (lwp_directory_is_any_tenant (name))
    return &tenants[0];
  for (gsize i = 0; i < G_N_ELEMENTS (tenants); i++)
    if (g_ascii_strcasecmp (name, tenants[i].id) == 0
        || g_ascii_strcasecmp (name, tenants[i].domain) == 0)
      return &tenants[i];
  return NULL;
}

const LwpSubscription *
lwp_directory_find_subscription (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (subscriptions); i++)
    if (g_ascii_strcasecmp (id, subscriptions[i].id) == 0)
      return &subscriptions[i];
  return NULL;
}

const LwpAccount *
lwp_directory_find_account (const char *object)
{
  for (gsize i = 0; i < G_N_ELEMENTS (accounts); i++)
    if (strcmp (object, accounts[i].object) == 0)
      return &accounts[i];
  return strcmp (object, application.account.object) == 0 ? &application.account : NULL;
}

const LwpAccount *
lwp_directory_check_application (const char *client, const char *secret)
{
  return strcmp (client, application.client) == 0 && strcmp (secret, application.secret) == 0
             ? &application.account
             : NULL;
}

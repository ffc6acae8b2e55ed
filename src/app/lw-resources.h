/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Where the templates and pictures of the application are; also the resource base path of its id. */
#define LW_RESOURCE_PATH "/io/github/labwalk/Labwalk/"

// SPDX-License-Identifier: Apache-2.0
//
// sk-echo: the decisions of examples/echo.

#include "sockets.h"

#include "../../../../../examples/echo/echo.bpf.c"

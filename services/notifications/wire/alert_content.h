#pragma once

#include <string>

#include "services/notifications/domain/alert.h"
#include "veche/notifications/v1/alerts.pb.h"

// Alerts between domain and wire.

namespace veche::notifications {

// Writes what an editor writes into `wire`: the maps of texts, not the texts in one language.
void WriteContent(const AlertContent& content, v1::Alert& wire);
// The inverse. Takes everything as it is: check a request before.
AlertContent ReadContent(const v1::Alert& wire);

}  // namespace veche::notifications

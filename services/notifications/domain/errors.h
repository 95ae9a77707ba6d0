#pragma once

#include "absl/status/status.h"

// Every error of notifications that a client may branch on. The comment is the reason's meaning.

namespace veche::notifications {

// TOO_MANY_STREAMS: the resident, or this server, has too many open streams.
absl::Status TooManyStreams();
// LINK_UNKNOWN: the link that ends messages is not one that the city sent.
absl::Status LinkUnknown();
// TOO_MANY_DEVICES: the address has registered too many devices in this hour.
absl::Status TooManyDevices();
// DEVICE_NOT_FOUND: there is no such device, or the token is not its own.
absl::Status DeviceNotFound();
// STOPPING: this server stops; the stream goes on at another one.
absl::Status Stopping();

}  // namespace veche::notifications

#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"

namespace veche::notifications {

// A browser that gets messages, as its PushSubscription says (RFC 8030, RFC 8291).
struct PushSubscription {
  std::string id;          // ULID
  std::string subscriber;  // "residents/{id}" or "devices/{id}"
  std::string endpoint;    // an https URL; a secret
  std::string p256dh;      // public key, 65 bytes
  std::string auth;        // 16 bytes
  std::optional<absl::Time> expire_time;
  absl::Time create_time;
};

// A system of others that gets a resident's messages.
struct Webhook {
  std::string id;          // ULID
  std::string subscriber;  // "residents/{id}"
  std::string messenger;   // name of a configured messenger; "" for a URL of the resident's own
  std::string target;      // that URL, or the address in the messenger; personal
  std::string secret;      // of the signature; "" for a messenger
  absl::Time create_time;
};

}  // namespace veche::notifications

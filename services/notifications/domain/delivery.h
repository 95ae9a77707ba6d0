#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/notifications/domain/alert.h"

// Deliveries: one message to one endpoint of one subscriber, about a post of an alert, a notice, or
// a digest of posts. Pure.

namespace veche::notifications {

// How a message leaves. The feed in the app is computed when it is read and has no deliveries. The
// numbers are stored and those of veche.notifications.v1.Delivery.Channel.
enum class Channel {
  kWebPush = 1,
  kContact = 2,  // the subscriber's e-mail address or phone, which identity alone knows
  kWebhook = 3,
};

// The numbers are stored and those of veche.notifications.v1.Delivery.State.
enum class DeliveryState {
  kQueued = 1,
  kSending = 2,  // claimed; when its due time has passed, the process that claimed it has died
  kSent = 3,     // the provider accepted it
  kFailed = 4,   // there is nobody to send it to, or nothing to say any more
  kDead = 5,     // the provider refuses it, or all attempts have failed: for administrators
};

// A delivery to be written.
struct NewDelivery {
  std::string id;          // ULID
  std::string subscriber;  // "residents/{id}", "devices/{id}"; of a guest what the notice names
  Channel channel = Channel::kWebPush;
  std::string endpoint;           // id of a push subscription or webhook; "" for kContact
  std::optional<int64_t> post;    // alert_posts.seq; either this
  std::optional<int64_t> notice;  // or notifications.seq
  // The end of quiet hours, when all posts of one digest leave as one message; equal to `due_time`.
  std::optional<absl::Time> digest;
  Severity severity = Severity::kInfo;
  absl::Time due_time;
};

struct Delivery : NewDelivery {
  DeliveryState state = DeliveryState::kQueued;
  int attempt = 0;    // that has begun
  std::string error;  // of the last attempt, a reason like "TIMEOUT"; "" for none
  absl::Time create_time;
};

// What became of an attempt.
struct Outcome {
  std::string id;
  int attempt = 0;
  DeliveryState state = DeliveryState::kSent;
  std::string error;
  absl::Time due_time;  // of the next attempt, for kQueued
  // The attempt did not happen (a limit, an open circuit), so it does not count.
  bool postponed = false;
};

// What identifies the message at its provider, the same for every attempt: the Topic of a Web Push
// message (RFC 8030, 5.4), the Message-ID of an e-mail, the id of a webhook's message. So a message
// that is sent again after a crash replaces the first one. 27 characters of base64url. Posts of one
// digest have the same one.
std::string MessageKey(const NewDelivery& delivery);

}  // namespace veche::notifications

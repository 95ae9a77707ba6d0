#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

// What a subscriber wants to hear of, and by which channels.

namespace veche::notifications {

// Bits of channels. Stored by number.
using Channels = uint32_t;
inline constexpr Channels kInApp = 1;
inline constexpr Channels kWebPush = 2;
inline constexpr Channels kEmail = 4;  // a contact: e-mail or SMS
inline constexpr Channels kWebhook = 8;
inline constexpr int kChannelCount = 4;
inline constexpr Channels kAllChannels = kInApp | kWebPush | kEmail | kWebhook;
// The channels whose messages are sent; the feed in the app is computed when it is read.
inline constexpr Channels kSentChannels = kWebPush | kEmail | kWebhook;

// The topics and districts of a subscriber.
struct Interest {
  std::vector<std::string> topics;     // empty: every topic, also those made later
  std::vector<std::string> muted;      // these topics not, whatever `topics` says
  std::vector<std::string> districts;  // those chosen, else the home district if there is one

  friend bool operator==(const Interest&, const Interest&) = default;
};

// Whether the interest includes the topic.
bool Includes(const Interest& interest, absl::string_view topic);

// Whether an alert of `topic` in `districts` concerns a subscriber. An alert without districts is
// for the whole city and concerns everybody who follows its topic.
bool Concerns(const Interest& interest, absl::string_view topic,
              absl::Span<const std::string> districts);

}  // namespace veche::notifications

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/notifications/domain/interest.h"
#include "services/notifications/index/number_set.h"

namespace veche::notifications {

// Finds the subscribers whom an alert concerns: posting lists of the subscribers of each topic and
// of each district, by their numbers. A subscriber's number is dense: numbers are given out one
// after another. The rules are those of Concerns (domain/interest.h). Not thread-safe.
class SubscriptionIndex {
 public:
  // Which subscribers to find.
  struct Query {
    absl::string_view topic;
    absl::Span<const std::string> districts;  // empty: the whole city
    Channels channels = kAllChannels;         // with at least one of these channels
    uint32_t after = 0;                       // with a higher number
    size_t limit = std::numeric_limits<size_t>::max();
  };

  // Adds the subscriber, or replaces what was known of the subscriber. A subscriber without
  // channels is in no result.
  void Set(uint32_t subscriber, const Interest& interest, Channels channels);
  void Remove(uint32_t subscriber);

  // The numbers of the subscribers, ascending, each once.
  std::vector<uint32_t> Find(const Query& query) const;

  size_t MemoryBytes() const;

 private:
  using Lists = absl::flat_hash_map<std::string, NumberSet>;

  void FindInterested(const Query& query, size_t piece, NumberSet::Bitmap& found) const;

  NumberSet every_topic_;  // whose interest names no topics
  Lists topics_;
  Lists muted_;
  Lists districts_;
  std::array<NumberSet, kChannelCount> channels_;  // by the bit of the channel
};

}  // namespace veche::notifications

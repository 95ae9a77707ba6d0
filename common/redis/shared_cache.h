#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/redis/client.h"

namespace veche::redis {

// Values that all replicas of a service share for a short time; any value may be lost at any time.
// Of all replicas, one computes a value. Thread-safe.
class SharedCache {
 public:
  // Larger values are not kept.
  static constexpr size_t kMostBytes = 1 << 20;

  struct Patience {
    // A replica that dies while it computes a value holds the others up for as long.
    absl::Duration lock = absl::Milliseconds(300);
    // Then a caller computes the value itself.
    absl::Duration wait = absl::Milliseconds(500);
  };
  // `space` begins each key and names the form of the values, "veche:answer:1": values of another
  // form need another space. `client` must outlive the cache.
  SharedCache(Client& client, std::string space, Patience patience);

  struct Found {
    std::shared_ptr<const std::string> value;
    absl::Duration left;  // of its life
  };
  using Callback = std::function<void(std::optional<Found>)>;

  // Calls `done` with the value. With nullopt when the caller is to compute it: Put or GiveUp must
  // follow soon. While another replica computes it, `done` waits for that value, as long as
  // the patience lasts. A value whose life ends within `renew_within` is computed anew by one
  // caller, while the others get it still. Without Redis each caller computes. `done` is a
  // Client::Callback.
  void Take(absl::string_view key, absl::Duration renew_within, Callback done);
  void Put(absl::string_view key, const std::shared_ptr<const std::string>& value,
           absl::Duration life);
  // The value could not be computed: others may try.
  void GiveUp(absl::string_view key);
  void Remove(absl::string_view key);

 private:
  struct Keys {
    std::string value, lock;
  };
  struct Waiting;

  Keys KeysOf(absl::string_view key) const;
  void Ask(const std::shared_ptr<Waiting>& waiting);

  Client& client_;
  const std::string space_;
  const Patience patience_;
  const Script take_;
};

}  // namespace veche::redis

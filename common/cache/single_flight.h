#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace veche::cache {

// Computes the value of a key once at a time: callers that arrive during a computation wait for it
// and get a copy of its value. No value is kept afterwards. `compute` must not throw and must not
// call Do with the same key: the waiting callers would never return. Thread-safe.
template <typename Value>
class SingleFlight {
 public:
  Value Do(absl::string_view key, absl::FunctionRef<Value()> compute) {
    std::shared_ptr<Flight> flight;
    bool ours;
    {
      absl::MutexLock lock(&mutex_);
      auto [it, inserted] = flights_.try_emplace(std::string(key));
      if (inserted) it->second = std::make_shared<Flight>();
      flight = it->second;
      ours = inserted;
    }
    if (!ours) {
      absl::MutexLock lock(&flight->mutex);
      while (!flight->value) flight->landed.Wait(&flight->mutex);
      return *flight->value;
    }
    Value value = compute();
    {
      absl::MutexLock lock(&mutex_);
      flights_.erase(key);
    }
    absl::MutexLock lock(&flight->mutex);
    flight->value = value;
    flight->landed.SignalAll();
    return value;
  }

 private:
  struct Flight {
    absl::Mutex mutex;
    absl::CondVar landed;
    std::optional<Value> value ABSL_GUARDED_BY(mutex);
  };

  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<Flight>> flights_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace veche::cache

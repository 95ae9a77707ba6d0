#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

#include "absl/synchronization/mutex.h"

namespace veche {

// A value that is read often and replaced rarely. Read never blocks: it costs two atomic additions
// on a counter that few threads share. Publish waits until no reader holds the former value, then
// releases it. Thread-safe.
//
// A reader adds itself to the counter of the epoch that it read and reads the epoch again. If the
// epoch is the same, the publisher that ends this epoch waits for the reader; otherwise the reader
// tries again.
template <typename T>
class Published {
 public:
  explicit Published(std::shared_ptr<const T> value)
      : owner_(std::move(value)), value_(owner_.get()) {}

  // Access to the value that was current when the Reading was made. Keep it for a short time only:
  // Publish waits for it.
  class Reading {
   public:
    Reading(const T* value, std::atomic<int64_t>* readers) : value_(value), readers_(readers) {}
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
    ~Reading() { readers_->fetch_sub(1); }
    const T& operator*() const { return *value_; }
    const T* operator->() const { return value_; }

   private:
    const T* const value_;
    std::atomic<int64_t>* const readers_;
  };

  Reading Read() const {
    for (;;) {
      const uint64_t epoch = epoch_.load();
      std::atomic<int64_t>& readers = slots_[epoch % 2][Shard()].readers;
      readers.fetch_add(1);
      if (epoch_.load() == epoch) return Reading(value_.load(), &readers);
      readers.fetch_sub(1);
    }
  }

  // REQUIRES: the calling thread holds no Reading.
  void Publish(std::shared_ptr<const T> value) {
    absl::MutexLock lock(&mutex_);
    value_.store(value.get());
    const uint64_t ended = epoch_.fetch_add(1);
    for (Slot& slot : slots_[ended % 2]) {
      while (slot.readers.load() != 0) std::this_thread::yield();
    }
    owner_ = std::move(value);
  }

  // The current value, for callers that keep it.
  std::shared_ptr<const T> Share() const {
    absl::MutexLock lock(&mutex_);
    return owner_;
  }

 private:
  static constexpr size_t kShards = 16;
  struct alignas(64) Slot {
    std::atomic<int64_t> readers = 0;
  };
  static size_t Shard() {
    return std::hash<std::thread::id>()(std::this_thread::get_id()) / 64 % kShards;
  }

  mutable absl::Mutex mutex_;
  std::shared_ptr<const T> owner_ ABSL_GUARDED_BY(mutex_);
  std::atomic<const T*> value_;
  std::atomic<uint64_t> epoch_ = 0;
  mutable std::array<std::array<Slot, kShards>, 2> slots_;
};

}  // namespace veche

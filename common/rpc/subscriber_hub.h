#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/stream.h"

namespace veche::rpc {

struct SubscriberHubOptions {
  int capacity = 10'000;  // subscribers in this process
  int capacity_per_key = std::numeric_limits<int>::max();
  absl::Status full;     // the error when a capacity is reached
  absl::Status stopped;  // ends the streams and refuses later subscribers
};

// The open streams of a service by key, such as an appeal or a resident. Calls subscribe; a worker
// that follows an event log looks the subscribers of a key up and writes to them. A subscriber is
// removed when its stream is over.
//
// `Subscriber` is a struct of the service with a member `std::shared_ptr<StreamWriter<…>> writer`,
// and the worker's own data about the stream, which the hub never reads. Subscribers are shared by
// pointer, so writing to a subscriber after its removal is safe.
//
// Thread-safe. A stream may end, and so call the hub back, at any time, also while the hub is
// destroyed or later: the callback holds weak pointers only. The hub calls writers without its
// lock.
template <typename Key, typename Subscriber>
class SubscriberHub {
 public:
  using Subscribers = std::vector<std::shared_ptr<Subscriber>>;

  explicit SubscriberHub(SubscriberHubOptions options) : options_(std::move(options)) {}
  SubscriberHub(const SubscriberHub&) = delete;
  SubscriberHub& operator=(const SubscriberHub&) = delete;
  ~SubscriberHub() { Stop(); }

  // Adds a subscriber until its stream is over. The subscriber gets everything published after this
  // call, so the caller reads the initial state after Subscribe. Errors: `full`, `stopped`; the
  // caller then has to end the stream.
  absl::Status Subscribe(const Key& key, std::shared_ptr<Subscriber> subscriber) {
    {
      absl::MutexLock lock(&state_->mutex);
      if (state_->stopped) return options_.stopped;
      if (state_->size >= options_.capacity) return options_.full;
      const auto found = state_->by_key.find(key);
      const size_t of_key = found == state_->by_key.end() ? 0 : found->second.size();
      if (of_key >= static_cast<size_t>(options_.capacity_per_key)) return options_.full;
      state_->by_key[key].push_back(subscriber);
      ++state_->size;
      if (state_->on_subscribe) state_->on_subscribe();
    }
    subscriber->writer->OnDone([weak_state = std::weak_ptr<State>(state_), key,
                                weak = std::weak_ptr<Subscriber>(subscriber)] {
      // A subscriber that is destroyed is not in the hub, and another object may have its address.
      const std::shared_ptr<State> state = weak_state.lock();
      const std::shared_ptr<Subscriber> over = weak.lock();
      if (state != nullptr && over != nullptr) state->Remove(key, over.get());
    });
    return absl::OkStatus();
  }

  // `listener` is called for each new subscriber, to wake the worker. It runs under the hub's lock:
  // it must be quick and must not call the hub. Replaces the former listener, which does not run
  // any more once SetListener has returned; nullptr sets none.
  void SetListener(const std::function<void()>& listener) {
    absl::MutexLock lock(&state_->mutex);
    state_->on_subscribe = listener;
  }

  // The present subscribers of `key`, in the order in which they subscribed.
  template <typename AnyKey>
  Subscribers Of(const AnyKey& key) const {
    absl::MutexLock lock(&state_->mutex);
    const auto found = state_->by_key.find(key);
    return found == state_->by_key.end() ? Subscribers() : found->second;
  }
  template <typename AnyKey>
  bool Has(const AnyKey& key) const {
    absl::MutexLock lock(&state_->mutex);
    return state_->by_key.contains(key);
  }

  // All subscribers for which `wanted(const Subscriber&)` is true, in no order. `wanted` runs under
  // the hub's lock.
  template <typename Wanted>
  Subscribers Select(Wanted wanted) const {
    Subscribers selected;
    absl::MutexLock lock(&state_->mutex);
    for (const auto& [key, subscribers] : state_->by_key) {
      for (const auto& subscriber : subscribers) {
        if (wanted(std::as_const(*subscriber))) selected.push_back(subscriber);
      }
    }
    return selected;
  }

  // Calls `send(Subscriber&)` for each subscriber of `key`, without the lock. A subscriber is
  // removed at once when `send` returns false, as Write does when the stream is over.
  template <typename AnyKey, typename Send>
  void Publish(const AnyKey& key, Send send) {
    for (const std::shared_ptr<Subscriber>& subscriber : Of(key)) {
      if (!send(*subscriber)) state_->Remove(key, subscriber.get());
    }
  }

  // The keys of all subscribers, in no order.
  std::vector<Key> Keys() const {
    absl::MutexLock lock(&state_->mutex);
    std::vector<Key> keys;
    keys.reserve(state_->by_key.size());
    for (const auto& [key, subscribers] : state_->by_key) keys.push_back(key);
    return keys;
  }
  int size() const {
    absl::MutexLock lock(&state_->mutex);
    return state_->size;
  }
  bool empty() const { return size() == 0; }

  // Ends every stream with `stopped` and refuses new ones. Repeats are ignored.
  void Stop() {
    absl::flat_hash_map<Key, Subscribers> by_key;
    {
      absl::MutexLock lock(&state_->mutex);
      state_->stopped = true;
      state_->size = 0;
      by_key.swap(state_->by_key);
    }
    for (const auto& [key, subscribers] : by_key) {
      for (const auto& subscriber : subscribers) subscriber->writer->Finish(options_.stopped);
    }
  }

 private:
  struct State {
    template <typename AnyKey>
    void Remove(const AnyKey& key, const Subscriber* subscriber) {
      std::shared_ptr<Subscriber> removed;  // destroyed without the lock
      absl::MutexLock lock(&mutex);
      const auto of_key = by_key.find(key);
      if (of_key == by_key.end()) return;
      Subscribers& subscribers = of_key->second;
      for (auto it = subscribers.begin(); it != subscribers.end(); ++it) {
        if (it->get() != subscriber) continue;
        removed = std::move(*it);
        subscribers.erase(it);
        --size;
        break;
      }
      if (subscribers.empty()) by_key.erase(of_key);
    }

    absl::Mutex mutex;
    absl::flat_hash_map<Key, Subscribers> by_key ABSL_GUARDED_BY(mutex);
    int size ABSL_GUARDED_BY(mutex) = 0;
    bool stopped ABSL_GUARDED_BY(mutex) = false;
    std::function<void()> on_subscribe ABSL_GUARDED_BY(mutex);
  };

  const SubscriberHubOptions options_;
  const std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace veche::rpc

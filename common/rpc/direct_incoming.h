#pragma once

#include <atomic>
#include <utility>

#include "common/rpc/direct.h"
#include "common/rpc/incoming.h"

namespace veche::rpc {

// Metadata, deadline and cancellation of a direct call. Shared with the caller, who may
// cancel. Private to rpc.
class DirectIncoming : public Incoming, public RunningCall {
 public:
  explicit DirectIncoming(DirectService::Options options) : options_(std::move(options)) {}

  void Cancel() override { cancelled_.store(true, std::memory_order_relaxed); }

  std::optional<absl::string_view> Metadata(absl::string_view name) const override {
    for (const auto& [key, value] : options_.metadata) {
      if (key == name) return value;
    }
    return std::nullopt;
  }
  absl::Time deadline() const override { return options_.deadline; }
  bool cancelled() const override { return cancelled_.load(std::memory_order_relaxed); }
  bool IsProvenToBe(absl::string_view) const override { return true; }

 private:
  const DirectService::Options options_;
  std::atomic<bool> cancelled_ = false;
};

}  // namespace veche::rpc

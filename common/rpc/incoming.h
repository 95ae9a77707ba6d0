#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace veche::rpc {

// Metadata, deadline and origin of a call, for gRPC and for direct calls. Thread-safe.
class Incoming {
 public:
  virtual ~Incoming() = default;
  // The first value that the client sent under `name` (lower case); the memory lives as long as
  // this object.
  virtual std::optional<absl::string_view> Metadata(absl::string_view name) const = 0;
  // InfiniteFuture when the client set none.
  virtual absl::Time deadline() const = 0;
  // True when the client no longer waits for the answer.
  virtual bool cancelled() const = 0;
  // Whether the caller is proven to be `service`: it is in this process, or has the certificate of
  // that name.
  virtual bool IsProvenToBe(absl::string_view service) const = 0;
};

}  // namespace veche::rpc

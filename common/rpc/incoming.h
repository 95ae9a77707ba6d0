#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace veche::rpc {

// What comes with a call besides its message, whichever way it comes.
class Incoming {
 public:
  virtual ~Incoming() = default;
  // The first value that the client sent under `name` (lower case); it lives as long as this.
  virtual std::optional<absl::string_view> Metadata(absl::string_view name) const = 0;
  // InfiniteFuture when the client set none.
  virtual absl::Time deadline() const = 0;
  // True when nobody waits for the answer any more.
  virtual bool cancelled() const = 0;
  // Whether the peer may call itself `service`: it is in this process or has the certificate.
  virtual bool IsProvenToBe(absl::string_view service) const = 0;
};

}  // namespace veche::rpc

#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "veche/config/v1/config.pb.h"

namespace veche {

// Flags of the command line; they override the file. Empty: not set.
struct ConfigFlags {
  std::string file;
  std::string data_dir;
  std::string services;  // comma-separated
  std::string http_address;
  std::string grpc_address;
  std::string admin_address;
  std::string trusted_proxies;  // comma-separated networks
  std::string limits;           // "none": no limits at all, for load tests
  std::string demo;             // JSON of the demo city, which the file overrides
};

// Reads the file (JSON of veche.config.v1.Config), overrides it by the flags, and sets defaults for
// absent fields. InvalidArgument names the field and the reason: an unknown field, an unknown
// service, an incomplete set of TLS files.
absl::StatusOr<config::v1::Config> LoadConfig(const ConfigFlags& flags);

// The same from a JSON text; for tests.
absl::StatusOr<config::v1::Config> ParseConfig(absl::string_view json, const ConfigFlags& flags);

}  // namespace veche

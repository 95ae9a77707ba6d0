#include "services/config.h"

#include <google/protobuf/util/json_util.h>

#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "services/config_check.h"
#include "services/modules.h"

namespace veche {
namespace {

using config::v1::Config;

std::vector<std::string> SplitList(absl::string_view list) {
  std::vector<std::string> items;
  for (absl::string_view item : absl::StrSplit(list, ',', absl::SkipWhitespace())) {
    items.emplace_back(absl::StripAsciiWhitespace(item));
  }
  return items;
}

void ApplyFlags(const ConfigFlags& flags, Config& config) {
  if (!flags.data_dir.empty()) config.set_data_dir(flags.data_dir);
  if (!flags.http_address.empty()) config.mutable_http()->set_address(flags.http_address);
  if (!flags.grpc_address.empty()) config.mutable_grpc()->set_address(flags.grpc_address);
  if (!flags.admin_address.empty()) config.mutable_admin()->set_address(flags.admin_address);
  if (!flags.services.empty()) {
    config.clear_services();
    for (const std::string& service : SplitList(flags.services)) config.add_services(service);
  }
  if (!flags.trusted_proxies.empty()) {
    config.mutable_http()->clear_trusted_proxies();
    for (const std::string& network : SplitList(flags.trusted_proxies)) {
      config.mutable_http()->add_trusted_proxies(network);
    }
  }
}

void RemoveLimits(config::v1::Limits& limits) {
  limits.set_connections(-1);
  limits.set_in_flight(-1);
  limits.set_caller_rate(-1);
  limits.set_address_rate(-1);
  limits.set_streams_per_caller(-1);
  limits.set_upload_bytes_per_account(-1);
  limits.set_upload_bytes_per_guest(-1);
}

void SetDefault(std::string* field, absl::string_view value) {
  if (field->empty()) *field = std::string(value);
}

void ApplyDefaults(Config& config) {
  SetDefault(config.mutable_data_dir(), ".veche");
  SetDefault(config.mutable_http()->mutable_address(), "127.0.0.1:8080");
  SetDefault(config.mutable_admin()->mutable_address(), "127.0.0.1:8081");
  SetDefault(config.mutable_city()->mutable_title(), "Казань");
  SetDefault(config.mutable_city()->mutable_time_zone(), "Europe/Moscow");
  SetDefault(config.mutable_city()->mutable_language(), "ru");
  SetDefault(config.mutable_city()->mutable_public_url(),
             absl::StrCat("http://", config.http().address()));
  SetDefault(config.mutable_log()->mutable_level(), "info");
  if (config.http().threads() == 0) config.mutable_http()->set_threads(2);
  if (config.services().size() == 1 && config.services(0) == "all") config.clear_services();
  if (config.services().empty()) {
    for (const ModuleEntry& module : Modules()) config.add_services(std::string(module.name));
  }
}

absl::Status Bad(absl::string_view field, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("Configuration: ", field, ": ", why));
}

absl::StatusOr<Config> ReadConfig(absl::string_view json) {
  Config config;
  const auto parsed = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(json.data(), json.size()), &config);
  if (!parsed.ok()) return Bad("the file is not valid", std::string(parsed.message()));
  return config;
}

}  // namespace

absl::StatusOr<Config> ParseConfig(absl::string_view json, const ConfigFlags& flags) {
  Config config;
  if (!flags.demo.empty()) {
    ASSIGN_OR_RETURN(config, ReadConfig(flags.demo));
  }
  ASSIGN_OR_RETURN(const Config file, ReadConfig(json));
  config.MergeFrom(file);
  ApplyFlags(flags, config);
  if (flags.limits == "none") {
    RemoveLimits(*config.mutable_limits());
  } else if (!flags.limits.empty()) {
    return Bad("--limits", "the only value is none.");
  }
  ApplyDefaults(config);
  const std::vector<std::string> faults = ConfigFaults(config);
  if (!faults.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("Configuration: ", absl::StrJoin(faults, "\nConfiguration: ")));
  }
  return config;
}

absl::StatusOr<Config> LoadConfig(const ConfigFlags& flags) {
  if (flags.file.empty()) return ParseConfig("{}", flags);
  std::ifstream in(flags.file);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) return Bad("--config", absl::StrCat("cannot read ", flags.file, "."));
  return ParseConfig(text.str(), flags);
}

}  // namespace veche

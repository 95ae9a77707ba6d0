#include "services/config.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "common/base/texts.h"
#include "common/http/client_address.h"
#include "services/modules.h"

namespace veche {
namespace {

using config::v1::Config;

constexpr int kMostDays = 3650;

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

absl::Status CheckServices(const Config& config) {
  std::vector<absl::string_view> known;
  for (const ModuleEntry& module : Modules()) known.push_back(module.name);
  for (const std::string& service : config.services()) {
    if (std::find(known.begin(), known.end(), service) == known.end()) {
      return Bad("services", absl::StrCat("there is no service \"", service, "\"; there are: all, ",
                                          absl::StrJoin(known, ", "), "."));
    }
  }
  return absl::OkStatus();
}

// The limits of names in docs/polling-protocol.md; may be empty.
bool IsShortName(absl::string_view name) {
  constexpr size_t kMost = 32;
  return name.size() <= kMost && std::all_of(name.begin(), name.end(), [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_' || c == '-';
         });
}

absl::Status CheckIssuers(const Config& config) {
  constexpr char kForm[] = "must be 1 to 32 of a-z, 0-9, \"_\" and \"-\".";
  if (!IsShortName(config.issuer().name())) return Bad("issuer.name", kForm);
  if (!IsShortName(config.polling().second_issuer())) return Bad("polling.secondIssuer", kForm);
  constexpr char kCity[] = "city";  // how polling calls the city's own issuer
  if (config.polling().second_issuer() == kCity) {
    return Bad("polling.secondIssuer", "\"city\" is the name of the city's own issuer.");
  }
  const auto runs = [&](const char* service) {
    return absl::c_linear_search(config.services(), service);
  };
  const std::string& name = config.issuer().name();
  if (!name.empty() && name != kCity && runs("issuer") && runs("polling")) {
    return Bad("issuer.name",
               "the issuer that runs beside polling is the city's own: leave it out.");
  }
  return absl::OkStatus();
}

bool IsWebLink(absl::string_view link) {
  return absl::StartsWith(link, "https://") || absl::StartsWith(link, "http://");
}

absl::Status CheckSmtp(const config::v1::Smtp& smtp) {
  if (!absl::StartsWith(smtp.url(), "smtp://") && !absl::StartsWith(smtp.url(), "smtps://")) {
    return Bad("delivery.smtp.url", "must be like smtp://relay.example.org:587.");
  }
  if (!absl::StrContains(smtp.from(), '@')) {
    return Bad("delivery.smtp.from", "must be like City <noreply@example.org>.");
  }
  if (smtp.user().empty() != smtp.password_file().empty()) {
    return Bad("delivery.smtp", "Set both user and passwordFile, or neither.");
  }
  return absl::OkStatus();
}

absl::Status CheckSms(const config::v1::Sms& sms) {
  if (!IsWebLink(sms.url())) return Bad("delivery.sms.url", "must be an https link.");
  if (!absl::StrContains(sms.body(), "{phone}") || !absl::StrContains(sms.body(), "{text}")) {
    return Bad("delivery.sms.body", "must have {phone} and {text}.");
  }
  static constexpr absl::string_view kTypes[] = {"", "application/json",
                                                 "application/x-www-form-urlencoded"};
  if (std::find(std::begin(kTypes), std::end(kTypes), sms.content_type()) == std::end(kTypes)) {
    return Bad("delivery.sms.contentType",
               "must be application/json or application/x-www-form-urlencoded.");
  }
  return absl::OkStatus();
}

absl::Status CheckMessengers(const config::v1::Webhooks& webhooks) {
  for (const config::v1::Messenger& messenger : webhooks.messengers()) {
    if (messenger.name().empty() || !IsShortName(messenger.name())) {
      return Bad("delivery.webhooks.messengers.name",
                 "must be 1 to 32 of a-z, 0-9, \"_\" and \"-\".");
    }
    if (!IsWebLink(messenger.url())) {
      return Bad("delivery.webhooks.messengers.url", "must be an https link.");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckDelivery(const config::v1::Delivery& delivery) {
  if (delivery.has_smtp()) RETURN_IF_ERROR(CheckSmtp(delivery.smtp()));
  if (delivery.has_sms()) RETURN_IF_ERROR(CheckSms(delivery.sms()));
  const std::string& administrator = delivery.web_push().administrator();
  if (!administrator.empty() && !absl::StartsWith(administrator, "mailto:") &&
      !absl::StartsWith(administrator, "https://")) {
    return Bad("delivery.webPush.administrator", "must begin with mailto: or https://.");
  }
  return CheckMessengers(delivery.webhooks());
}

absl::Status Check(const Config& config) {
  RETURN_IF_ERROR(CheckServices(config));
  RETURN_IF_ERROR(CheckIssuers(config));
  RETURN_IF_ERROR(CheckDelivery(config.delivery()));
  if (!config.city().public_url().empty() && !IsWebLink(config.city().public_url())) {
    return Bad("city.publicUrl", "must begin with https:// or http://.");
  }
  const auto& http = config.http();
  if (http.tls_certificate_file().empty() != http.tls_key_file().empty()) {
    return Bad("http", "Set both tlsCertificateFile and tlsKeyFile, or neither.");
  }
  const auto proxies =
      http::TrustedProxies::Parse({http.trusted_proxies().begin(), http.trusted_proxies().end()});
  if (!proxies.ok()) return Bad("http.trustedProxies", proxies.status().message());
  const auto& grpc = config.grpc();
  const int tls_files = !grpc.tls_certificate_file().empty() + !grpc.tls_key_file().empty() +
                        !grpc.tls_ca_file().empty();
  if (tls_files != 0 && tls_files != 3) {
    return Bad("grpc", "Set all of tlsCertificateFile, tlsKeyFile and tlsCaFile, or none.");
  }
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(config.city().time_zone(), &zone)) {
    return Bad("city.timeZone",
               absl::StrCat("\"", config.city().time_zone(), "\" is not an IANA time zone."));
  }
  if (!IsLanguage(config.city().language())) {
    return Bad("city.language", absl::StrCat("\"", config.city().language(),
                                             "\" is not a language of the texts; there are: ",
                                             absl::StrJoin(kLanguages, ", "), "."));
  }
  const auto& initiatives = config.initiatives();
  if (initiatives.threshold() < 0) return Bad("initiatives.threshold", "must not be negative.");
  if (initiatives.gathering_days() < 0 || initiatives.gathering_days() > kMostDays) {
    return Bad("initiatives.gatheringDays", "must be from 0 to 3650; 0 is the default.");
  }
  if (initiatives.response_days() < 0 || initiatives.response_days() > kMostDays) {
    return Bad("initiatives.responseDays", "must be from 0 to 3650; 0 is the default.");
  }
  static constexpr absl::string_view kLevels[] = {"debug", "info", "warning", "error"};
  if (std::find(std::begin(kLevels), std::end(kLevels), config.log().level()) ==
      std::end(kLevels)) {
    return Bad("log.level", "must be debug, info, warning or error.");
  }
  return absl::OkStatus();
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
  RETURN_IF_ERROR(Check(config));
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

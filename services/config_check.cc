#include "services/config_check.h"

#include <arpa/inet.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "common/base/texts.h"
#include "common/blob/open.h"
#include "common/http/client_address.h"
#include "common/redis/client.h"
#include "common/rpc/target.h"
#include "common/rpc/tls_files.h"
#include "common/sql/durability.h"
#include "services/modules.h"

namespace veche {
namespace {

using config::v1::Config;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int kMostDays = 3650;
constexpr char kSecondIssuer[] = "second_issuer";  // an address besides those of the services

class Faults {
 public:
  void Add(absl::string_view field, absl::string_view what) {
    faults_.push_back(absl::StrCat(field, ": ", what));
  }
  std::vector<std::string> Take() { return std::move(faults_); }

 private:
  std::vector<std::string> faults_;
};

std::vector<absl::string_view> ServiceNames() {
  std::vector<absl::string_view> names;
  for (const ModuleEntry& module : Modules()) names.push_back(module.name);
  return names;
}

bool Runs(const Config& config, absl::string_view service) {
  return absl::c_linear_search(config.services(), service);
}

void CheckServices(const Config& config, Faults& faults) {
  const std::vector<absl::string_view> known = ServiceNames();
  for (const std::string& service : config.services()) {
    if (absl::c_linear_search(known, service)) continue;
    faults.Add("services", absl::StrCat("there is no service \"", service, "\"; there are: all, ",
                                        absl::StrJoin(known, ", "), "."));
  }
}

// The services that `row` needs elsewhere when this process does not run them.
std::set<absl::string_view> NeededBy(const ModuleEntry& row) {
  std::set<absl::string_view> needed(row.calls.begin(), row.calls.end());
  needed.insert(row.follows.begin(), row.follows.end());
  needed.insert("identity");  // for the keys of tokens
  needed.erase(row.name);
  return needed;
}

void CheckAddresses(const Config& config, Faults& faults) {
  const std::vector<absl::string_view> known = ServiceNames();
  for (const auto& [service, address] : config.addresses()) {
    const std::string field = absl::StrCat("addresses.", service);
    if (service != kSecondIssuer && !absl::c_linear_search(known, service)) {
      faults.Add(field, absl::StrCat("there is no such service; there are: ",
                                     absl::StrJoin(known, ", "), ", ", kSecondIssuer, "."));
    }
    if (const auto target = rpc::TargetOf(address); !target.ok()) {
      faults.Add(field, absl::StrCat(target.status().message(), "."));
    }
  }
  for (const ModuleEntry& row : Modules()) {
    if (!Runs(config, row.name)) continue;
    for (absl::string_view needed : NeededBy(row)) {
      if (Runs(config, needed) || config.addresses().contains(std::string(needed))) continue;
      faults.Add("addresses",
                 absl::StrCat(row.name, " needs ", needed, ": give its address, like {\"", needed,
                              "\": \"", needed, ":9000\"}."));
    }
  }
  if (!config.polling().second_issuer().empty() && Runs(config, "polling") &&
      !config.addresses().contains(kSecondIssuer)) {
    faults.Add("addresses", "polling.secondIssuer needs the address second_issuer.");
  }
}

// Whether a host:port or every address of a list stays on this machine. A name may begin like a
// loopback address, so only "localhost" is taken as one.
bool IsLoopback(absl::string_view address) {
  return absl::c_all_of(absl::StrSplit(address, ','), [](absl::string_view part) {
    const absl::string_view host = absl::StripAsciiWhitespace(part.substr(0, part.rfind(':')));
    in_addr ip;
    if (inet_pton(AF_INET, std::string(host).c_str(), &ip) == 1)
      return ntohl(ip.s_addr) >> 24 == 127;
    return host == "localhost" || host == "[::1]";
  });
}

void CheckTls(const Config& config, Faults& faults) {
  const config::v1::Http& http = config.http();
  if (http.tls_certificate_file().empty() != http.tls_key_file().empty()) {
    faults.Add("http", "Set both tlsCertificateFile and tlsKeyFile, or neither.");
  } else if (!http.tls_certificate_file().empty()) {
    for (const std::string& fault :
         rpc::CertificateFaults(http.tls_certificate_file(), http.tls_key_file(), "")) {
      faults.Add("http", fault);
    }
  }
  const config::v1::Grpc& grpc = config.grpc();
  for (const std::string& fault : rpc::TlsFaults(grpc)) faults.Add("grpc", fault);
  const bool plain = grpc.tls_certificate_file().empty() && grpc.tls_key_file().empty() &&
                     grpc.tls_ca_file().empty();
  if (!plain || grpc.insecure()) return;
  constexpr char kPlain[] =
      "is beyond this machine: set grpc.tlsCertificateFile, tlsKeyFile and tlsCaFile, or "
      "grpc.insecure where the network itself is safe.";
  if (!grpc.address().empty() && !IsLoopback(grpc.address())) faults.Add("grpc.address", kPlain);
  for (const auto& [service, address] : config.addresses()) {
    if (!IsLoopback(address)) faults.Add(absl::StrCat("addresses.", service), kPlain);
  }
}

// The limits of names in docs/polling-protocol.md; may be empty.
bool IsShortName(absl::string_view name) {
  constexpr size_t kMost = 32;
  return name.size() <= kMost && std::all_of(name.begin(), name.end(), [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_' || c == '-';
         });
}

void CheckIssuers(const Config& config, Faults& faults) {
  constexpr char kForm[] = "must be 1 to 32 of a-z, 0-9, \"_\" and \"-\".";
  const std::string& name = config.issuer().name();
  if (!IsShortName(name)) faults.Add("issuer.name", kForm);
  if (!IsShortName(config.polling().second_issuer())) faults.Add("polling.secondIssuer", kForm);
  constexpr char kCity[] = "city";  // how polling calls the city's own issuer
  if (config.polling().second_issuer() == kCity) {
    faults.Add("polling.secondIssuer", "\"city\" is the name of the city's own issuer.");
  }
  if (!name.empty() && name != kCity && Runs(config, "issuer") && Runs(config, "polling")) {
    faults.Add("issuer.name",
               "the issuer that runs beside polling is the city's own: leave it out.");
  }
}

bool IsWebLink(absl::string_view link) {
  return absl::StartsWith(link, "https://") || absl::StartsWith(link, "http://");
}

void CheckSmtp(const config::v1::Smtp& smtp, Faults& faults) {
  if (!absl::StartsWith(smtp.url(), "smtp://") && !absl::StartsWith(smtp.url(), "smtps://")) {
    faults.Add("delivery.smtp.url", "must be like smtp://relay.example.org:587.");
  }
  if (!absl::StrContains(smtp.from(), '@')) {
    faults.Add("delivery.smtp.from", "must be like City <noreply@example.org>.");
  }
  if (smtp.user().empty() != smtp.password_file().empty()) {
    faults.Add("delivery.smtp", "Set both user and passwordFile, or neither.");
  }
}

void CheckSms(const config::v1::Sms& sms, Faults& faults) {
  if (!IsWebLink(sms.url())) faults.Add("delivery.sms.url", "must be an https link.");
  if (!absl::StrContains(sms.body(), "{phone}") || !absl::StrContains(sms.body(), "{text}")) {
    faults.Add("delivery.sms.body", "must have {phone} and {text}.");
  }
  static constexpr absl::string_view kTypes[] = {"", "application/json",
                                                 "application/x-www-form-urlencoded"};
  if (!absl::c_linear_search(kTypes, sms.content_type())) {
    faults.Add("delivery.sms.contentType",
               "must be application/json or application/x-www-form-urlencoded.");
  }
}

void CheckDelivery(const config::v1::Delivery& delivery, Faults& faults) {
  if (delivery.has_smtp()) CheckSmtp(delivery.smtp(), faults);
  if (delivery.has_sms()) CheckSms(delivery.sms(), faults);
  const std::string& administrator = delivery.web_push().administrator();
  if (!administrator.empty() && !absl::StartsWith(administrator, "mailto:") &&
      !absl::StartsWith(administrator, "https://")) {
    faults.Add("delivery.webPush.administrator", "must begin with mailto: or https://.");
  }
  for (const config::v1::Messenger& messenger : delivery.webhooks().messengers()) {
    if (messenger.name().empty() || !IsShortName(messenger.name())) {
      faults.Add("delivery.webhooks.messengers.name",
                 "must be 1 to 32 of a-z, 0-9, \"_\" and \"-\".");
    }
    if (!IsWebLink(messenger.url())) {
      faults.Add("delivery.webhooks.messengers.url", "must be an https link.");
    }
  }
}

void CheckCity(const config::v1::City& city, Faults& faults) {
  if (!city.public_url().empty() && !IsWebLink(city.public_url())) {
    faults.Add("city.publicUrl", "must begin with https:// or http://.");
  }
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(city.time_zone(), &zone)) {
    faults.Add("city.timeZone",
               absl::StrCat("\"", city.time_zone(), "\" is not an IANA time zone."));
  }
  if (!IsLanguage(city.language())) {
    faults.Add("city.language",
               absl::StrCat("\"", city.language(), "\" is not a language of the texts; there are: ",
                            absl::StrJoin(kLanguages, ", "), "."));
  }
}

void CheckDays(int days, absl::string_view field, Faults& faults) {
  if (days > kMostDays) faults.Add(field, "must be from 0 to 3650; 0 is the default.");
}

void CheckLog(const config::v1::Log& log, Faults& faults) {
  static constexpr absl::string_view kLevels[] = {"debug", "info", "warning", "error"};
  if (!absl::c_linear_search(kLevels, log.level())) {
    faults.Add("log.level", "must be debug, info, warning or error.");
  }
}

void CheckProxies(const config::v1::Http& http, Faults& faults) {
  const auto proxies =
      http::TrustedProxies::Parse({http.trusted_proxies().begin(), http.trusted_proxies().end()});
  if (!proxies.ok()) faults.Add("http.trustedProxies", proxies.status().message());
}

// Fields for which -1 means none or never.
bool TakesMinusOne(const FieldDescriptor& field) {
  static constexpr absl::string_view kFields[] = {"response_hours", "routing_minutes",
                                                  "nightly_hour", "local_ms"};
  return field.containing_type() == config::v1::Limits::descriptor() ||
         absl::c_linear_search(kFields, field.name());
}

void CheckNumber(const Message& message, const FieldDescriptor& field, const std::string& path,
                 Faults& faults) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  double value = 0;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      value = reflection.GetInt32(message, &field);
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      value = static_cast<double>(reflection.GetInt64(message, &field));
      break;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      value = reflection.GetDouble(message, &field);
      break;
    default:
      return;
  }
  if (value >= 0 || (value == -1 && TakesMinusOne(field))) return;
  faults.Add(path, TakesMinusOne(field) ? "must be -1, 0 or more." : "must not be negative.");
}

void CheckRedis(const Config& config, Faults& faults) {
  if (!config.has_redis() || !Runs(config, "gateway")) return;
  const config::v1::Redis& redis = config.redis();
  if (const absl::Status status = redis::CheckAddress(redis.address()); !status.ok()) {
    faults.Add("redis.address", absl::StrCat(status.message(), "."));
  } else if (!redis.tls_ca_file().empty() && absl::StartsWith(redis.address(), "unix:")) {
    faults.Add("redis.tlsCaFile", "a socket has no TLS: remove this, or give a host and a port.");
  }
}

// The files that must be there; certificates and keys of TLS are checked with their content.
bool IsFile(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_STRING &&
         absl::EndsWith(field.name(), "_file") &&
         field.containing_type() != config::v1::Grpc::descriptor() &&
         field.containing_type() != config::v1::Http::descriptor();
}

void CheckFile(const std::string& file, const FieldDescriptor& field, const std::string& path,
               Faults& faults) {
  const bool embedded = field.name() == "calendar_file" && !absl::StrContains(file, '/');
  if (file.empty() || embedded) return;
  if (!std::ifstream(file)) {
    faults.Add(path, absl::StrCat("the file ", file, " cannot be read."));
  }
}

// Checks what concerns all messages alike: numbers and files.
void CheckFields(const Message& message, const std::string& prefix, Faults& faults) {
  std::vector<const FieldDescriptor*> given;
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  reflection.ListFields(message, &given);
  for (const FieldDescriptor* field : given) {
    const std::string path = absl::StrCat(prefix, field->json_name());
    if (field->is_map() || (field->is_repeated() && field->message_type() == nullptr)) continue;
    if (field->is_repeated()) {
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
        CheckFields(reflection.GetRepeatedMessage(message, field, i), absl::StrCat(path, "."),
                    faults);
      }
    } else if (field->message_type() != nullptr) {
      CheckFields(reflection.GetMessage(message, field), absl::StrCat(path, "."), faults);
    } else if (IsFile(*field)) {
      CheckFile(reflection.GetString(message, field), *field, path, faults);
    } else {
      CheckNumber(message, *field, path, faults);
    }
  }
}

void CheckBlobs(const config::v1::Blobs& blobs, Faults& faults) {
  if (!blobs.has_s3()) return;
  if (!blobs.folder().empty()) faults.Add("blobs", "Set folder or s3, not both.");
  for (const std::string& fault : blob::S3Faults(blobs.s3())) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(fault, absl::MaxSplits(": ", 1));
    faults.Add(absl::StrCat("blobs.s3.", parts.first), parts.second);
  }
}

void CheckStorage(const Config& config, Faults& faults) {
  const config::v1::Storage& storage = config.storage();
  const std::vector<absl::string_view> known = ServiceNames();
  for (const auto& [service, settings] : storage.services()) {
    const std::string field = absl::StrCat("storage.services.", service);
    if (!absl::c_linear_search(known, service)) faults.Add(field, "there is no such service.");
    if (Runs(config, service)) CheckFields(settings, absl::StrCat(field, "."), faults);
  }
  for (const std::string& risk : storage.accepted_risks()) {
    if (absl::c_linear_search(sql::kDurabilitySettings, risk)) continue;
    faults.Add("storage.acceptedRisks",
               absl::StrCat("\"", risk, "\" is none; there are: ",
                            absl::StrJoin(sql::kDurabilitySettings, ", "), "."));
  }
}

// Without what no service of this process reads: one config may be for the processes of a whole
// cluster, each of which has its own secrets alone.
Config PartsInUse(const Config& config) {
  Config parts = config;
  if (absl::c_all_of(config.services(), [](absl::string_view name) { return name == "gateway"; })) {
    parts.clear_storage();
  }
  if (!Runs(config, "gateway")) parts.clear_redis();
  if (!Runs(config, "appeals")) parts.clear_blobs();
  if (!Runs(config, "identity") && !Runs(config, "notifications")) parts.clear_delivery();
  if (!Runs(config, "polling")) parts.clear_polling();
  return parts;
}

}  // namespace

std::vector<std::string> ConfigFaults(const Config& config) {
  Faults faults;
  CheckServices(config, faults);
  CheckAddresses(config, faults);
  CheckTls(config, faults);
  CheckProxies(config.http(), faults);
  CheckIssuers(config, faults);
  CheckRedis(config, faults);
  CheckDelivery(config.delivery(), faults);
  CheckCity(config.city(), faults);
  CheckDays(config.initiatives().gathering_days(), "initiatives.gatheringDays", faults);
  CheckDays(config.initiatives().response_days(), "initiatives.responseDays", faults);
  CheckLog(config.log(), faults);
  const Config parts = PartsInUse(config);
  CheckBlobs(parts.blobs(), faults);
  CheckFields(parts, "", faults);
  CheckStorage(config, faults);
  return faults.Take();
}

}  // namespace veche

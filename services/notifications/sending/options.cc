#include "services/notifications/sending/options.h"

#include <fstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace veche::notifications {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

absl::StatusOr<Headers> ReadHeaders(const std::string& file) {
  Headers headers;
  if (file.empty()) return headers;
  std::ifstream stream(file);
  if (!stream) return absl::FailedPreconditionError(absl::StrCat("cannot read ", file, "."));
  std::string line;
  while (std::getline(stream, line)) {
    const absl::string_view text = absl::StripAsciiWhitespace(line);
    if (text.empty()) continue;
    const size_t colon = text.find(':');
    if (colon == absl::string_view::npos) {
      return absl::FailedPreconditionError(
          absl::StrCat(file, " must have lines of the form \"Name: value\"."));
    }
    headers.emplace_back(text.substr(0, colon), absl::StripAsciiWhitespace(text.substr(colon + 1)));
  }
  return headers;
}

ProviderLimits Limits(int concurrency, double rate, const ProviderLimits& usual) {
  return {.concurrency = concurrency > 0 ? concurrency : usual.concurrency,
          .rate = rate > 0 ? rate : usual.rate};
}

}  // namespace

http_client::Options ClientOptions(const config::v1::Delivery& config) {
  http_client::Options options;
  options.ca_file = config.ca_file();
  options.private_addresses = config.private_addresses();
  options.concurrency = 400;
  options.per_host = 100;  // the gates of providers have the limits
  return options;
}

ProviderLimits PushLimits(const config::v1::WebPush& config) {
  return Limits(config.connections(), config.rate(), {.concurrency = 16, .rate = 500});
}

ProviderLimits WebhookLimits(const config::v1::Webhooks& config) {
  return Limits(config.connections(), config.rate(), {.concurrency = 4, .rate = 20});
}

absl::StatusOr<WebhookRules> ReadWebhookRules(const config::v1::Webhooks& config) {
  WebhookRules rules;
  for (const std::string& host : config.hosts()) {
    rules.hosts.push_back(absl::AsciiStrToLower(host));
  }
  for (const config::v1::Messenger& messenger : config.messengers()) {
    ASSIGN_OR_RETURN(Headers headers, ReadHeaders(messenger.headers_file()));
    rules.messengers.push_back({.name = messenger.name(),
                                .title = messenger.title(),
                                .url = messenger.url(),
                                .body = messenger.body(),
                                .headers = std::move(headers)});
  }
  return rules;
}

std::string PushAdministrator(const config::v1::Config& config) {
  const std::string& administrator = config.delivery().web_push().administrator();
  if (!administrator.empty()) return administrator;
  const std::string& url = config.city().public_url();
  return absl::StartsWith(url, "https://") ? url : "";
}

}  // namespace veche::notifications

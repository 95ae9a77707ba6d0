#include "services/notifications/sending/webhook_sender.h"

#include <algorithm>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "common/base/json_text.h"
#include "common/base/status_macros.h"
#include "common/crypto/hmac.h"
#include "services/notifications/push/push_message.h"
#include "services/notifications/push/vapid.h"

namespace veche::notifications {
namespace {

// The characters of a text inside a JSON string.
std::string InJson(absl::string_view text) {
  const std::string quoted = JsonText().String(text).Take();
  return quoted.substr(1, quoted.size() - 2);
}

std::string InUrl(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (absl::ascii_isalnum(c) || absl::StrContains("-._~", c)) {
      escaped.push_back(c);
    } else {
      absl::StrAppendFormat(&escaped, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return escaped;
}

// Title, body and reason in lines, for messengers that show one text.
std::string PlainText(const Message& message) {
  std::string text = message.title;
  for (const std::string* part : {&message.body, &message.reason}) {
    if (!part->empty()) absl::StrAppend(&text, "\n\n", *part);
  }
  return text;
}

}  // namespace

const Messenger* WebhookRules::Find(absl::string_view name) const {
  const auto found =
      std::find_if(messengers.begin(), messengers.end(),
                   [name](const Messenger& messenger) { return messenger.name == name; });
  return found == messengers.end() ? nullptr : &*found;
}

bool WebhookRules::Allows(absl::string_view host) const {
  return std::find(hosts.begin(), hosts.end(), host) != hosts.end();
}

std::string WebhookSignature(absl::string_view secret, absl::string_view body, absl::Time now) {
  const int64_t seconds = absl::ToUnixSeconds(now);
  return absl::StrCat(
      "t=", seconds,
      ",v1=", absl::BytesToHexString(crypto::HmacSha256(secret, absl::StrCat(seconds, ".", body))));
}

std::string WebhookBody(const Message& message, absl::string_view key, absl::Time now) {
  JsonText json;
  json.BeginObject().Member("id", key);
  json.Member("sendTime", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", now, absl::UTCTimeZone()));
  json.Member("title", message.title).Member("body", message.body);
  json.Member("reason", message.reason).Member("link", message.link);
  json.Member("mute", message.mute_link).Member("subject", message.subject);
  json.Member("severity", SeverityName(message.severity)).Member("language", message.language);
  return json.EndObject().Take();
}

absl::StatusOr<std::vector<Prepared>> WebhookSender::Prepare(absl::Span<const Job> jobs,
                                                             absl::Time now) {
  std::vector<std::string> ids;
  for (const Job& job : jobs) ids.push_back(job.first().endpoint);
  std::map<std::string, Webhook> found;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    found.clear();
    ASSIGN_OR_RETURN(const std::vector<Webhook> webhooks, store_.GetWebhooks(transaction, ids));
    for (const Webhook& webhook : webhooks) found.emplace(webhook.id, webhook);
    return absl::OkStatus();
  }));
  std::vector<Prepared> prepared;
  for (const Job& job : jobs) {
    const auto webhook = found.find(job.first().endpoint);
    if (webhook == found.end()) {
      prepared.push_back({.verdict = {.kind = Verdict::Kind::kGone, .error = "GONE"}});
    } else {
      prepared.push_back(PrepareOne(webhook->second, job, now));
    }
  }
  return prepared;
}

Prepared WebhookSender::PrepareOne(const Webhook& webhook, const Job& job, absl::Time now) const {
  Prepared result;
  result.request.method = "POST";
  if (webhook.messenger.empty()) {
    const std::string origin = OriginOf(webhook.target);
    // The administrator may have removed the host since then.
    if (!rules_.Allows(HostOf(origin))) {
      result.verdict = {.kind = Verdict::Kind::kRefused, .error = "HOST_NOT_ALLOWED"};
      return result;
    }
    result.provider = origin;
    result.request.url = webhook.target;
    result.request.body = WebhookBody(job.message, job.key(), now);
    result.request.headers = {
        {"Content-Type", "application/json"},
        {"Veche-Signature", WebhookSignature(webhook.secret, result.request.body, now)}};
    return result;
  }
  const Messenger* messenger = rules_.Find(webhook.messenger);
  if (messenger == nullptr) {
    result.verdict = {.kind = Verdict::Kind::kRefused, .error = "MESSENGER_UNKNOWN"};
    return result;
  }
  result.provider = OriginOf(messenger->url);
  result.request.url = absl::StrReplaceAll(messenger->url, {{"{address}", InUrl(webhook.target)}});
  result.request.body =
      absl::StrReplaceAll(messenger->body, {{"{address}", InJson(webhook.target)},
                                            {"{title}", InJson(job.message.title)},
                                            {"{text}", InJson(PlainText(job.message))},
                                            {"{link}", InJson(job.message.link)}});
  result.request.headers = messenger->headers;
  result.request.headers.emplace_back("Content-Type", "application/json");
  return result;
}

}  // namespace veche::notifications

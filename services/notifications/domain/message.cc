#include "services/notifications/domain/message.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace veche::notifications {
namespace {

constexpr absl::string_view kEllipsis = "…";

std::string Filled(absl::string_view form, absl::string_view name, absl::string_view value) {
  return absl::StrReplaceAll(form, {{absl::StrCat("{", name, "}"), value}});
}

std::string TitleOf(const PublishedAlert& alert, const Reader& reader, const MessageForms& forms) {
  std::string title = TitleIn(alert.revision.content.titles, reader.language);
  if (alert.post.type == kAlertCancelled) return Filled(forms.cancelled, "title", title);
  if (alert.post.type == kAlertUpdated) return Filled(forms.updated, "title", title);
  return title;
}

std::string BodyOf(const PublishedAlert& alert, absl::string_view language) {
  if (alert.post.type == kAlertCancelled) return alert.revision.cancel_reason;
  const std::string body = TitleIn(alert.revision.content.bodies, language);
  const std::string instruction = TitleIn(alert.revision.content.instructions, language);
  return absl::StrCat(body, body.empty() || instruction.empty() ? "" : "\n\n", instruction);
}

// What all messages to a reader have.
Message For(const Reader& reader) {
  return {.reason = reader.reason, .mute_link = reader.mute_link, .language = reader.language};
}

}  // namespace

Message WriteAlert(const PublishedAlert& alert, const Reader& reader, const MessageForms& forms,
                   absl::string_view public_url) {
  Message message = For(reader);
  message.title = TitleOf(alert, reader, forms);
  message.body = BodyOf(alert, reader.language);
  message.subject = absl::StrCat("alerts/", alert.post.alert);
  message.link = absl::StrCat(public_url, "/", message.subject);
  message.severity = alert.post.severity;
  message.expire_time = alert.post.expire_time.value_or(absl::InfiniteFuture());
  return message;
}

Message WriteDigest(const std::vector<PublishedAlert>& alerts, const Reader& reader,
                    const MessageForms& forms, absl::string_view public_url) {
  if (alerts.size() == 1) return WriteAlert(alerts[0], reader, forms, public_url);
  std::vector<const PublishedAlert*> sorted;
  sorted.reserve(alerts.size());
  for (const PublishedAlert& alert : alerts) sorted.push_back(&alert);
  std::sort(sorted.begin(), sorted.end(), [](const PublishedAlert* a, const PublishedAlert* b) {
    if (a->post.severity != b->post.severity) return a->post.severity > b->post.severity;
    return a->post.seq < b->post.seq;
  });
  Message message = For(reader);
  message.title = Filled(forms.digest, "count", absl::StrCat(alerts.size()));
  message.link = absl::StrCat(public_url, "/alerts");
  message.severity = sorted[0]->post.severity;
  message.expire_time = absl::InfinitePast();
  for (const PublishedAlert* alert : sorted) {
    absl::StrAppend(&message.body, message.body.empty() ? "" : "\n", "• ",
                    TitleOf(*alert, reader, forms));
    message.expire_time =
        std::max(message.expire_time, alert->post.expire_time.value_or(absl::InfiniteFuture()));
  }
  return message;
}

std::string Shorten(absl::string_view text, size_t most) {
  if (text.size() <= most) return std::string(text);
  if (most < kEllipsis.size()) return "";
  size_t end = most - kEllipsis.size();
  // The bytes after the first of a character are 10xxxxxx.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return absl::StrCat(text.substr(0, end), kEllipsis);
}

}  // namespace veche::notifications

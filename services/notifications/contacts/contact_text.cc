#include "services/notifications/contacts/contact_text.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "common/api/timestamp.h"
#include "common/text/utf8.h"
#include "services/notifications/contacts/html.h"
#include "services/notifications/domain/appeal_event.h"
#include "services/notifications/wire/event_types.h"

namespace veche::notifications {
namespace {

// identity takes 200 characters as subject, 10,000 of text, and 40,000 of HTML, where one character
// may become six.
constexpr size_t kMostTitle = 200;
constexpr size_t kMostBody = 5000;

// A paragraph: text, and a link after it if there is one.
struct Paragraph {
  std::string text;
  std::string link = {};
};

std::string Shortened(absl::string_view text, size_t most) {
  const absl::string_view prefix = text::PrefixOf(text, most);
  if (prefix.size() == text.size()) return std::string(text);
  return absl::StrCat(text::PrefixOf(text, most - 1), "…");
}

std::string AppealLink(const ContactNotice& notice, const appeals::v1::ChangeNotice& change,
                       absl::string_view public_url) {
  std::string link = absl::StrCat(absl::StripSuffix(public_url, "/"), "/", notice.subject);
  if (notice.recipient == change.author() && !change.follow_token().empty()) {
    absl::StrAppend(&link, "?followToken=", change.follow_token());
  }
  return link;
}

std::string SaidTo(const ContactNotice& notice, const appeals::v1::ChangeNotice& change,
                   absl::string_view language) {
  const auto said = change.said().find(std::string(language));
  if (said == change.said().end()) return "";
  return notice.recipient == change.author() ? said->second.author_text()
                                             : said->second.public_text();
}

// Whether people want to know when the answer comes.
bool TellsDueTime(AppealEventType type) {
  return type == AppealEventType::kSubmitted || type == AppealEventType::kAssigned ||
         type == AppealEventType::kEscalated;
}

std::vector<Paragraph> Paragraphs(const Message& message, const Texts& texts) {
  const auto say = [&](const char* id) { return texts.Get(id, message.language); };
  std::vector<Paragraph> paragraphs = {{message.title}};
  if (!message.body.empty()) paragraphs.push_back({Shortened(message.body, kMostBody)});
  if (!message.link.empty()) paragraphs.push_back({say("CONTACT_LINK"), message.link});
  if (!message.reason.empty()) paragraphs.push_back({message.reason});
  if (!message.mute_link.empty()) {
    paragraphs.push_back({say("CONTACT_UNSUBSCRIBE"), message.mute_link});
  }
  return paragraphs;
}

std::string PlainText(const std::vector<Paragraph>& paragraphs) {
  return absl::StrJoin(paragraphs, "\n\n", [](std::string* out, const Paragraph& paragraph) {
    absl::StrAppend(out, paragraph.text, paragraph.link.empty() ? "" : " ", paragraph.link);
  });
}

std::string Html(const std::vector<Paragraph>& paragraphs, absl::string_view language) {
  std::string body;
  for (const Paragraph& paragraph : paragraphs) {
    absl::StrAppend(&body, "<p>",
                    absl::StrReplaceAll(EscapeHtml(paragraph.text), {{"\n", "<br>"}}));
    if (!paragraph.link.empty()) {
      const std::string link = EscapeHtml(paragraph.link);
      absl::StrAppend(&body, " <a href=\"", link, "\">", link, "</a>");
    }
    absl::StrAppend(&body, "</p>\n");
  }
  return absl::StrCat("<!doctype html>\n<html lang=\"", language,
                      "\"><head><meta charset=\"utf-8\"></head><body>\n", body, "</body></html>\n");
}

}  // namespace

Message WriteNotice(const ContactNotice& notice, const appeals::v1::ChangeNotice& change,
                    const Texts& texts, absl::string_view language, const ContactOptions& options) {
  const AppealEventType type = ParseAppealEventType(notice.type);
  std::vector<std::string> body;
  if (std::string said = SaidTo(notice, change, language); !said.empty()) {
    body.push_back(std::move(said));
  }
  if (TellsDueTime(type) && change.has_due_time()) {
    const std::string day =
        absl::FormatTime("%d.%m.%Y", api::FromTimestamp(change.due_time()), options.zone);
    body.push_back(texts.Get({"CONTACT_DUE", {{"day", day}}}, language));
  }
  return {.title = texts.Get(TitleOf(type, notice.number), language),
          .body = absl::StrJoin(body, "\n\n"),
          .link = AppealLink(notice, change, options.public_url),
          .language = std::string(language),
          .subject = notice.subject};
}

std::string UnsubscribeUrl(absl::string_view public_url, absl::string_view token) {
  return absl::StrCat(absl::StripSuffix(public_url, "/"), "/v1/unsubscribe?token=", token);
}

identity::v1::Content ContentOf(const Message& message, const Texts& texts) {
  const std::vector<Paragraph> paragraphs = Paragraphs(message, texts);
  identity::v1::Content content;
  content.set_subject(Shortened(message.title, kMostTitle));
  content.set_body(PlainText(paragraphs));
  content.set_html(Html(paragraphs, message.language));
  return content;
}

}  // namespace veche::notifications

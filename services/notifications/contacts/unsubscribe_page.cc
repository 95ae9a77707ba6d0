#include "services/notifications/contacts/unsubscribe_page.h"

#include "absl/strings/str_cat.h"
#include "services/notifications/contacts/html.h"

namespace veche::notifications {
namespace {

constexpr absl::string_view kStyle =
    "body{font:18px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;"
    "color:#1b1b1b;background:#fff}button{font:inherit;padding:.6rem 1.2rem;margin:.5rem 0;"
    "border:1px solid #444;border-radius:.4rem;background:#f4f4f4;color:#1b1b1b;cursor:pointer}"
    "@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#16181b}"
    "button{background:#22262b;color:#e6e6e6;border-color:#888}}";

std::string Page(absl::string_view title, absl::string_view body, absl::string_view language) {
  return absl::StrCat("<!doctype html><html lang=\"", language,
                      "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                      "content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" "
                      "content=\"noindex\"><title>",
                      EscapeHtml(title), "</title><style>", kStyle, "</style></head><body><main>",
                      body, "</main></body></html>\n");
}

std::string Button(absl::string_view token, absl::string_view more, absl::string_view label) {
  return absl::StrCat("<form method=\"post\" action=\"/v1/unsubscribe?token=", EscapeHtml(token),
                      more, "\"><button>", EscapeHtml(label), "</button></form>");
}

Text About(const char* id, absl::string_view topic) {
  return {id, {{"topic", std::string(topic)}}};
}

}  // namespace

std::string AskPage(absl::string_view token, absl::string_view topic, const Texts& texts,
                    absl::string_view language) {
  const auto say = [&](const char* id) { return texts.Get(id, language); };
  const std::string title = say("UNSUBSCRIBE_TITLE");
  return Page(
      title,
      absl::StrCat("<h1>", EscapeHtml(title), "</h1>",
                   Button(token, "",
                          topic.empty() ? say("UNSUBSCRIBE_SUBJECT")
                                        : texts.Get(About("UNSUBSCRIBE_TOPIC", topic), language)),
                   Button(token, "&amp;all=true", say("UNSUBSCRIBE_ALL"))),
      language);
}

std::string EndedPage(bool all, absl::string_view topic, const Texts& texts,
                      absl::string_view language) {
  const std::string title = all ? texts.Get("UNSUBSCRIBED_ALL", language)
                            : topic.empty()
                                ? texts.Get("UNSUBSCRIBED_SUBJECT", language)
                                : texts.Get(About("UNSUBSCRIBED_TOPIC", topic), language);
  return Page(title, absl::StrCat("<h1>", EscapeHtml(title), "</h1>"), language);
}

}  // namespace veche::notifications

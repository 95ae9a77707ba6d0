#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/api/timestamp.h"
#include "common/testing/status_matchers.h"
#include "services/notifications/contacts/contact_text.h"
#include "services/notifications/contacts/unsubscribe_page.h"
#include "services/notifications/contacts/unsubscribe_token.h"
#include "services/notifications/texts.h"

namespace veche::notifications {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Optional;

class ContactTextTest : public ::testing::Test {
 protected:
  ContactTextTest() {
    change_.set_author("residents/guest");
    change_.set_follow_token("secret-token");
    for (const char* language : {"en", "ru", "uk", "tt"}) {
      auto& said = (*change_.mutable_said())[language];
      said.set_author_text("Где именно?\n<script>");
    }
    *change_.mutable_due_time() = api::ToTimestamp(absl::FromUnixSeconds(1780000000));
  }
  Message WriteFor(const std::string& recipient, const std::string& type,
                   const std::string& language = "ru") {
    return WriteNotice({.recipient = recipient,
                        .type = type,
                        .subject = "appeals/01a",
                        .number = "2026-000007",
                        .time = absl::FromUnixSeconds(1780000000)},
                       change_, texts_, language,
                       {.public_url = "https://city.example/", .zone = absl::UTCTimeZone()});
  }

  appeals::v1::ChangeNotice change_;
  const Texts texts_ = *Texts::Parse({CommonTexts(), TextFiles()});
};

TEST_F(ContactTextTest, TheAuthorGetsTheQuestionAndTheTokenOfTheLink) {
  const Message message = WriteFor("residents/guest", "veche.appeals.info_requested", "uk");
  EXPECT_EQ(message.title, "За зверненням 2026-000007 потрібні уточнення");
  EXPECT_THAT(message.body, HasSubstr("Где именно?"));
  EXPECT_EQ(message.link, "https://city.example/appeals/01a?followToken=secret-token");
}

TEST_F(ContactTextTest, AFollowerGetsNeither) {
  const Message message = WriteFor("residents/other", "veche.appeals.info_requested");
  EXPECT_EQ(message.body, "");
  EXPECT_EQ(message.link, "https://city.example/appeals/01a");
}

TEST_F(ContactTextTest, AReceiptTellsWhenTheAnswerIsDue) {
  change_.clear_said();
  EXPECT_EQ(WriteFor("residents/guest", "veche.appeals.submitted").body,
            "Срок ответа: до 28.05.2026.");
  EXPECT_EQ(WriteFor("residents/guest", "veche.appeals.resolved").body, "");
}

TEST_F(ContactTextTest, EveryKindHasATitleInEveryLanguage) {
  for (const char* type :
       {"submitted", "assigned", "started", "info_requested", "resolved", "rejected", "forwarded",
        "merged", "reopened", "closed", "messaged", "escalated"}) {
    for (const absl::string_view language : kLanguages) {
      const Message message =
          WriteFor("residents/guest", absl::StrCat("veche.appeals.", type), std::string(language));
      EXPECT_NE(message.title, "2026-000007") << type;
      EXPECT_THAT(message.title, HasSubstr("2026-000007")) << type;
    }
  }
}

TEST_F(ContactTextTest, HtmlHasTheSameAndNothingOfItsOwn) {
  Message message = WriteFor("residents/guest", "veche.appeals.info_requested");
  message.mute_link = UnsubscribeUrl("https://city.example/", "abc");
  const identity::v1::Content content = ContentOf(message, texts_);
  EXPECT_EQ(content.subject(), message.title);
  for (const std::string& text : {content.body(), content.html()}) {
    EXPECT_THAT(text, HasSubstr("Где именно?"));
    EXPECT_THAT(text, HasSubstr(message.link));
    EXPECT_THAT(text, HasSubstr("https://city.example/v1/unsubscribe?token=abc"));
  }
  EXPECT_THAT(content.html(), Not(HasSubstr("<script>")));
  EXPECT_THAT(content.html(), HasSubstr("<html lang=\"ru\">"));
}

TEST_F(ContactTextTest, LongTextsAreCut) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "&";
  (*change_.mutable_said())["ru"].set_author_text(text);
  const identity::v1::Content content =
      ContentOf(WriteFor("residents/guest", "veche.appeals.resolved"), texts_);
  EXPECT_LE(content.body().size(), 10'000u);
  EXPECT_LE(content.html().size(), 40'000u);
}

TEST(UnsubscribeTokenTest, OnlyItsOwnAreRead) {
  const UnsubscribeTokens tokens(std::string(32, 'k'));
  const Unsubscription what{"residents/01r", "appeals/01a"};
  const std::string token = tokens.Make(what);
  EXPECT_THAT(tokens.Read(token), Optional(what));
  EXPECT_THAT(token, Not(HasSubstr("01r")));
  EXPECT_EQ(UnsubscribeTokens(std::string(32, 'x')).Read(token), std::nullopt);
  for (std::string wrong : {std::string(), std::string("AAAA"), std::string("%%%"), token.substr(1),
                            std::string(100'000, 'a')}) {
    EXPECT_EQ(tokens.Read(wrong), std::nullopt);
  }
}

TEST(UnsubscribePageTest, AsksWithButtonsAndWithoutScripts) {
  const Texts texts = *Texts::Parse({CommonTexts(), TextFiles()});
  const std::string page = AskPage("a\"b", "", texts, "tt");
  EXPECT_THAT(page, HasSubstr("action=\"/v1/unsubscribe?token=a&quot;b\""));
  EXPECT_THAT(page, HasSubstr("&amp;all=true"));
  EXPECT_THAT(page, HasSubstr("<html lang=\"tt\">"));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_NE(EndedPage(true, "", texts, "en"), EndedPage(false, "", texts, "en"));
}

TEST(UnsubscribePageTest, NamesTheTopic) {
  const Texts texts = *Texts::Parse({CommonTexts(), TextFiles()});
  for (const char* language : {"ru", "uk", "tt", "en"}) {
    EXPECT_THAT(AskPage("t", "Вода & свет", texts, language), HasSubstr("Вода &amp; свет"));
    EXPECT_THAT(EndedPage(false, "Вода & свет", texts, language), HasSubstr("Вода &amp; свет"));
    EXPECT_THAT(EndedPage(true, "Вода & свет", texts, language), Not(HasSubstr("Вода")));
  }
}

}  // namespace
}  // namespace veche::notifications

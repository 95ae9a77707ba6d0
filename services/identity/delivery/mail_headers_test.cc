#include "services/identity/delivery/mail_headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/text/utf8.h"

namespace veche::identity {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::SizeIs;

// Decodes what EncodeHeaderText makes, and checks each encoded word.
std::string Decode(absl::string_view encoded) {
  std::string text;
  for (absl::string_view word : absl::StrSplit(encoded, "\r\n ")) {
    EXPECT_LE(word.size(), 75u);
    if (!absl::ConsumePrefix(&word, "=?UTF-8?B?") || !absl::ConsumeSuffix(&word, "?=")) {
      return std::string(encoded);
    }
    std::string bytes;
    EXPECT_TRUE(absl::Base64Unescape(word, &bytes));
    EXPECT_TRUE(text::IsValidUtf8(bytes)) << "a character is cut";
    text += bytes;
  }
  return text;
}

TEST(MailHeadersTest, EncodesTextsOfEveryLanguage) {
  for (const std::string& subject :
       {std::string("Report 25-1 is resolved"), std::string("Обращение 25-1 решено"),
        std::string("Звернення 25-1 вирішено"), std::string("25-1 мөрәҗәгате хәл ителде"),
        std::string("=?UTF-8?B?not encoded?="), std::string(200, 'a'),
        absl::StrCat("a", std::string(198, ' ')),
        std::string("🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂")}) {
    EXPECT_EQ(Decode(EncodeHeaderText(subject)), subject);
  }
  std::string longest;
  for (int i = 0; i < 200; ++i) longest += i % 2 == 0 ? "ө" : "я";
  EXPECT_EQ(Decode(EncodeHeaderText(longest)), longest);
  EXPECT_EQ(EncodeHeaderText("Report 25-1"), "Report 25-1");
}

TEST(MailHeadersTest, KeepsLinesShort) {
  const Mailbox from = *Mailbox::Parse("Управление городского хозяйства <noreply@kazan.example>");
  OutgoingMessage message{.id = "01m",
                          .key = "01m@kazan.example",
                          .to = {api::Contact::Kind::kEmail, "a@b.example"},
                          .subject = "Обращение о яме на улице Баумана, дом 25, решено",
                          .unsubscribe_url = "https://kazan.example/v1/unsubscribe?token=abc"};
  for (const std::string& header : MailHeaders(from, message)) {
    for (absl::string_view line : absl::StrSplit(header, "\r\n")) {
      EXPECT_LE(line.size(), 87u) << line;  // an encoded word and the field's name
      EXPECT_EQ(line.find_first_of("\r\n"), absl::string_view::npos);
    }
  }
}

TEST(MailHeadersTest, ParsesSenders) {
  const auto with_name = Mailbox::Parse("  City of \"Kazan\" <noreply@kazan.example> ");
  ASSERT_TRUE(with_name);
  EXPECT_EQ(with_name->name, "City of \"Kazan\"");
  EXPECT_EQ(with_name->address, "noreply@kazan.example");
  EXPECT_EQ(with_name->domain(), "kazan.example");
  EXPECT_THAT(MailHeaders(*with_name, {}),
              Contains("From: \"City of \\\"Kazan\\\"\" <noreply@kazan.example>"));
  EXPECT_EQ(Mailbox::Parse("noreply@kazan.example")->name, "");
  for (const char* wrong : {"", "city", "@kazan.example", "a@", "City <a@b", "City a@b>", "a b@c",
                            "City <a@b.example>\r\nBcc: x@y", "Город <почта@казань.рф>"}) {
    EXPECT_FALSE(Mailbox::Parse(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace veche::identity

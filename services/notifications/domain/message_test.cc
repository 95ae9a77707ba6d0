#include "services/notifications/domain/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "services/notifications/push/encryption.h"
#include "services/notifications/push/push_message.h"

namespace veche::notifications {
namespace {

using ::testing::HasSubstr;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);
const MessageForms kForms = {
    .updated = "Updated: {title}", .cancelled = "Cancelled: {title}", .digest = "{count} messages"};
const Reader kReader = {.language = "uk", .reason = "why", .mute_link = "https://city/mute"};

PublishedAlert MakeAlert(int64_t seq, Severity severity = Severity::kInfo) {
  PublishedAlert alert;
  alert.post = {.seq = seq, .alert = "a1", .type = kAlertPublished, .severity = severity};
  alert.revision.content.titles = {{"ru", "Нет воды"}, {"uk", "Немає води"}};
  alert.revision.content.bodies = {{"ru", "До вечера"}};
  alert.revision.content.instructions = {{"ru", "Запаситесь"}, {"uk", "Запасіться"}};
  return alert;
}

TEST(MessageTest, SaysWhatThePostSays) {
  PublishedAlert alert = MakeAlert(1, Severity::kWarning);
  alert.post.expire_time = kNow;
  const Message message = WriteAlert(alert, kReader, kForms, "https://city");
  EXPECT_EQ(message.title, "Немає води");
  EXPECT_EQ(message.body, "До вечера\n\nЗапасіться");
  EXPECT_EQ(message.reason, "why");
  EXPECT_EQ(message.link, "https://city/alerts/a1");
  EXPECT_EQ(message.mute_link, "https://city/mute");
  EXPECT_EQ(message.subject, "alerts/a1");
  EXPECT_EQ(message.severity, Severity::kWarning);
  EXPECT_EQ(message.expire_time, kNow);
}

TEST(MessageTest, TellsUpdatesAndCancellations) {
  PublishedAlert alert = MakeAlert(1);
  alert.post.type = kAlertUpdated;
  EXPECT_EQ(WriteAlert(alert, kReader, kForms, "").title, "Updated: Немає води");
  alert.post.type = kAlertCancelled;
  alert.revision.cancel_reason = "repaired";
  EXPECT_EQ(WriteAlert(alert, kReader, kForms, "").title, "Cancelled: Немає води");
  EXPECT_EQ(WriteAlert(alert, kReader, kForms, "").body, "repaired");
}

TEST(MessageTest, GathersADigest) {
  PublishedAlert second = MakeAlert(2, Severity::kWarning);
  second.revision.content.titles = {{"ru", "Гроза"}};
  second.post.expire_time = kNow;
  const Message digest = WriteDigest({MakeAlert(1), second}, kReader, kForms, "https://city");
  EXPECT_EQ(digest.title, "2 messages");
  EXPECT_EQ(digest.body, "• Гроза\n• Немає води");
  EXPECT_EQ(digest.severity, Severity::kWarning);
  EXPECT_EQ(digest.expire_time, absl::InfiniteFuture());
  EXPECT_EQ(WriteDigest({second}, kReader, kForms, "").title, "Гроза");
}

TEST(MessageTest, ShortensBetweenCharacters) {
  EXPECT_EQ(Shorten("abc", 3), "abc");
  EXPECT_EQ(Shorten("abcdefg", 6), "abc…");
  EXPECT_EQ(Shorten("яяяя", 7), "яя…");
  EXPECT_EQ(Shorten("яяяя", 6), "я…");
  EXPECT_EQ(Shorten("яяяя", 2), "");
}

TEST(PushMessageTest, HasAllMembers) {
  const Message message{.title = "T\"",
                        .body = "B",
                        .reason = "R",
                        .link = "https://l",
                        .mute_link = "https://m",
                        .subject = "alerts/1",
                        .severity = Severity::kEmergency};
  EXPECT_EQ(PushText(message, "key"),
            R"({"title":"T\"","body":"B","reason":"R","link":"https://l","mute":"https://m",)"
            R"("subject":"alerts/1","severity":"EMERGENCY","tag":"key"})");
}

TEST(PushMessageTest, FitsIntoOneMessage) {
  for (const char* text : {"я", "\"", "\n", "x"}) {
    Message message;
    for (int i = 0; i < 5000; ++i) {
      message.title += text;
      message.body += text;
      message.reason += text;
    }
    const std::string json = PushText(message, std::string(27, 'k'));
    EXPECT_LE(json.size(), kMostPushText);
    EXPECT_GT(json.size(), kMostPushText / 2);
    EXPECT_THAT(json, HasSubstr("…"));
  }
}

TEST(PushMessageTest, DerivesUrgencyAndTtl) {
  EXPECT_EQ(UrgencyOf(Severity::kInfo), "low");
  EXPECT_EQ(UrgencyOf(Severity::kWarning), "normal");
  EXPECT_EQ(UrgencyOf(Severity::kEmergency), "high");
  const auto ttl = [](absl::Time expire) { return TtlOf({.expire_time = expire}, kNow); };
  EXPECT_EQ(ttl(absl::InfiniteFuture()), 3 * 24 * 3600);
  EXPECT_EQ(ttl(kNow + absl::Hours(1)), 3600);
  EXPECT_EQ(ttl(kNow - absl::Hours(1)), 0);
  EXPECT_EQ(ttl(kNow + absl::Hours(10'000)), 28 * 24 * 3600);
}

}  // namespace
}  // namespace veche::notifications

#include "services/identity/calls/message_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "services/identity/testing/fixture.h"

namespace veche::identity {
namespace {

using rpc::testing::MakeCall;
using testing::Identity;
using veche::testing::HasReason;
using veche::testing::StatusIs;

class MessageCallsTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::RegisterGuestResponse> Register(const std::string& contact,
                                                     const std::string& request_id) {
    v1::RegisterGuestRequest request;
    request.set_contact(contact);
    request.set_request_id(request_id);
    return identity_.messages.RegisterGuest(call_, request);
  }
  // A request to `recipients` with one content in Russian and Ukrainian.
  v1::SendMessagesRequest Request(const std::vector<std::string>& recipients) {
    v1::SendMessagesRequest request;
    auto& languages = *request.add_contents()->mutable_languages();
    languages["ru"].set_subject("Ответ");
    languages["ru"].set_body("Вам ответили. Не писать: {unsubscribe}");
    languages["uk"].set_subject("Відповідь");
    languages["uk"].set_body("Вам відповіли");
    for (const std::string& recipient : recipients) {
      auto& wire = *request.add_recipients();
      wire.set_resident(recipient);
      wire.set_request_id(absl::StrCat("to ", recipient));
      wire.set_unsubscribe_url("https://city.example/u");
    }
    return request;
  }
  std::string RegisterIn(const std::string& language, const std::string& contact) {
    rpc::Call call = MakeCall(rpc::testing::Service("appeals"));
    call.set_language(language);
    v1::RegisterGuestRequest request;
    request.set_contact(contact);
    const auto guest = identity_.messages.RegisterGuest(call, request);
    EXPECT_OK(guest);
    return guest->resident();
  }
  std::optional<OutgoingMessage> Claim() {
    const auto message = identity_.Write([&](sql::Transaction& t) {
      return identity_.message_store.Claim(t, Channel::kEmail, "", identity_.clock.Now());
    });
    EXPECT_OK(message);
    return *message;
  }

  Identity identity_;
  const rpc::Call call_ = MakeCall(rpc::testing::Service("appeals"));
  const rpc::Call notifications_ = MakeCall(rpc::testing::Service("notifications"));
};

// Appeals sends "appeals/guest/…" with the hash of a key and the hash of a request.
TEST_F(MessageCallsTest, ARequestIdMayHoldHashes) {
  EXPECT_OK(Register("guest@example.ru", std::string(256, 'a')));
  EXPECT_THAT(Register("guest@example.ru", std::string(257, 'a')),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(MessageCallsTest, AGuestHasANameOfTheirOwnEachTime) {
  const auto first = Register("guest@example.ru", "r1");
  ASSERT_OK(first);
  EXPECT_EQ(Register("guest@example.ru", "r1")->resident(), first->resident());
  EXPECT_NE(Register("guest@example.ru", "r2")->resident(), first->resident());
  EXPECT_NE(Register("guest@example.ru", "")->resident(),
            Register("guest@example.ru", "")->resident());
  EXPECT_THAT(Register("nonsense", "r3"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(MessageCallsTest, AGuestKeepsTheLanguageOfTheCall) {
  rpc::Call call = MakeCall(rpc::testing::Service("appeals"));
  call.set_language("uk");
  v1::RegisterGuestRequest request;
  request.set_contact("guest@example.ru");
  const auto guest = identity_.messages.RegisterGuest(call, request);
  ASSERT_OK(guest);
  const absl::string_view id = absl::StripPrefix(guest->resident(), "residents/");
  const auto stored = identity_.Write(
      [&](sql::Transaction& transaction) { return identity_.store.GetResident(transaction, id); });
  ASSERT_OK(stored);
  EXPECT_EQ((*stored)->profile.locale, "uk");
}

TEST_F(MessageCallsTest, AGuestsContactRegistersAnotherAccount) {
  const auto guest = Register("guest@example.ru", "r1");
  const auto resident = identity_.SignIn(identity_.AskForCode("guest@example.ru"));
  ASSERT_OK(resident);
  EXPECT_NE(resident->principal().name(), guest->resident());
}

TEST_F(MessageCallsTest, EachGetsTheirLanguage) {
  const std::string names[] = {RegisterIn("uk", "uk@example.ru"),
                               RegisterIn("tt", "tt@example.ru")};
  ASSERT_OK(identity_.messages.SendMessages(notifications_, Request({names[0], names[1]})));
  std::map<std::string, OutgoingMessage> messages;
  while (const auto message = Claim()) messages[message->to.value] = *message;
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages["uk@example.ru"].subject, "Відповідь");
  EXPECT_EQ(messages["tt@example.ru"].subject, "Ответ") << "the city's language";
  EXPECT_EQ(messages["tt@example.ru"].body, "Вам ответили. Не писать: https://city.example/u");
  EXPECT_EQ(messages["tt@example.ru"].unsubscribe_url, "https://city.example/u");
}

TEST_F(MessageCallsTest, NamesWhoCannotBeReached) {
  const std::string guest = Register("guest@example.ru", "r1")->resident();
  const auto response = identity_.messages.SendMessages(
      notifications_, Request({"residents/01hzzzzzzzzzzzzzzzzzzzzzzz", guest, "staff/x"}));
  ASSERT_OK(response);
  EXPECT_THAT(response->unreachable(),
              ::testing::ElementsAre("to residents/01hzzzzzzzzzzzzzzzzzzzzzzz", "to staff/x"));
  EXPECT_TRUE(Claim());
  EXPECT_FALSE(Claim());
}

TEST_F(MessageCallsTest, TellsTheLanguagesOfThoseWhoCanBeReached) {
  v1::GetLocalesRequest request;
  const std::string guest = RegisterIn("tt", "tt@example.ru");
  request.add_residents(guest);
  request.add_residents("residents/nobody");
  const auto response = identity_.messages.GetLocales(notifications_, request);
  ASSERT_OK(response);
  EXPECT_EQ(response->locales_size(), 1);
  EXPECT_EQ(response->locales().at(guest), "tt");
}

TEST_F(MessageCallsTest, RequestIdsAreOfOneCaller) {
  const v1::SendMessagesRequest request = Request({Register("guest@example.ru", "")->resident()});
  for (const char* service : {"notifications", "notifications", "polling"}) {
    ASSERT_OK(identity_.messages.SendMessages(MakeCall(rpc::testing::Service(service)), request));
  }
  EXPECT_TRUE(Claim());
  EXPECT_TRUE(Claim());
  EXPECT_FALSE(Claim());
}

TEST_F(MessageCallsTest, TakesAPageOf500) {
  std::vector<std::string> names;
  for (int i = 0; i < 500; ++i) {
    names.push_back(Register(absl::StrCat(i, "@example.ru"), "")->resident());
  }
  ASSERT_OK(identity_.messages.SendMessages(notifications_, Request(names)));
  int count = 0;
  while (Claim()) ++count;
  EXPECT_EQ(count, 500);
  names.push_back(names[0]);
  EXPECT_EQ(identity_.messages.SendMessages(notifications_, Request(names)).status().message(),
            "INVALID_FIELDS: recipients TOO_MANY");
}

TEST_F(MessageCallsTest, NamesEveryWrongField) {
  v1::SendMessagesRequest request = Request({"residents/x"});
  request.add_contents();
  (*request.add_contents()->mutable_languages())["xx"].set_body("x");
  (*request.add_contents()->mutable_languages())["ru"].set_subject("a\nb");
  auto& recipient = *request.add_recipients();
  recipient.set_content(7);
  recipient.set_unsubscribe_url("https://x>\r\nBcc: y");
  EXPECT_EQ(identity_.messages.SendMessages(notifications_, request).status().message(),
            "INVALID_FIELDS: contents[1].languages REQUIRED, contents[2].languages LOCALE, "
            "contents[3].languages[ru].subject CONTROL_CHARACTER, "
            "contents[3].languages[ru].body MUST_NOT_BE_EMPTY, recipients[1].requestId REQUIRED, "
            "recipients[1].content CONTENT_POSITION, "
            "recipients[1].unsubscribeUrl LINK");
}

TEST_F(MessageCallsTest, AdministratorsSeeAndResendDeadMessages) {
  ASSERT_OK(identity_.messages.SendMessages(
      notifications_, Request({Register("guest@example.ru", "")->resident()})));
  const auto claimed = Claim();
  ASSERT_TRUE(claimed);
  const std::string name = absl::StrCat("messages/", claimed->id);
  const rpc::Call admin = MakeCall(rpc::testing::Admin("a"));
  v1::ResendMessageRequest resend;
  resend.set_name(name);
  EXPECT_THAT(identity_.messages.ResendMessage(admin, resend), HasReason("MESSAGE_NOT_DEAD"));
  ASSERT_OK(identity_.Write([&](sql::Transaction& t) {
    return identity_.message_store.MarkDead(t, claimed->id, 1, "SMTP 550", identity_.clock.Now());
  }));
  v1::ListMessagesRequest list;
  EXPECT_THAT(identity_.messages.ListMessages(admin, list),
              StatusIs(absl::StatusCode::kInvalidArgument));
  list.set_state(v1::Message::DEAD);
  const auto dead = identity_.messages.ListMessages(admin, list);
  ASSERT_OK(dead);
  ASSERT_EQ(dead->messages_size(), 1);
  EXPECT_EQ(dead->messages(0).name(), name);
  EXPECT_EQ(dead->messages(0).error(), "SMTP 550");
  EXPECT_EQ(dead->messages(0).sender(), "services/notifications");
  EXPECT_EQ(dead->DebugString().find("guest@"), std::string::npos);
  const auto resent = identity_.messages.ResendMessage(admin, resend);
  ASSERT_OK(resent);
  EXPECT_EQ(resent->state(), v1::Message::QUEUED);
  EXPECT_EQ(Claim()->id, claimed->id);
  resend.set_name("messages/nonsense");
  EXPECT_THAT(identity_.messages.ResendMessage(admin, resend), HasReason("MESSAGE_NOT_FOUND"));
}

}  // namespace
}  // namespace veche::identity

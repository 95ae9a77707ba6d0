#include "services/identity/workers/courier.h"

#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "services/identity/delivery/file_outbox.h"
#include "services/identity/domain/retry.h"
#include "services/identity/testing/fixture.h"

namespace veche::identity {
namespace {

using rpc::testing::MakeCall;
using testing::Identity;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using veche::testing::IsOkAndHolds;

class CourierTest : public ::testing::Test {
 protected:
  // Registers a guest and returns their name.
  std::string Register(const std::string& contact) {
    v1::RegisterGuestRequest request;
    request.set_contact(contact);
    const auto response = identity_.messages.RegisterGuest(call_, request);
    EXPECT_OK(response);
    return response.ok() ? response->resident() : "";
  }
  void Queue(const std::string& recipient, const std::string& body) {
    v1::SendMessagesRequest request;
    v1::Content& content = (*request.add_contents()->mutable_languages())["ru"];
    content.set_subject("Ответ");
    content.set_body(body);
    auto& wire = *request.add_recipients();
    wire.set_resident(recipient);
    wire.set_request_id("m1");
    EXPECT_OK(identity_.messages.SendMessages(call_, request));
  }
  Courier MakeCourier(Provider& provider, Channel channel = Channel::kEmail) {
    return Courier(channel, provider, *identity_.database, identity_.message_store, identity_.clock,
                   telemetry_);
  }
  // Sends all that is due.
  void Send(Courier& courier) {
    absl::StatusOr<absl::Duration> pause;
    do {
      pause = courier.SendNext();
      ASSERT_OK(pause);
    } while (*pause == absl::ZeroDuration());
  }
  std::vector<MessageSummary> List(MessageState state) {
    const auto list = identity_.Write(
        [&](sql::Transaction& t) { return identity_.message_store.List(t, state, "", 100); });
    EXPECT_OK(list);
    return *list;
  }

  Identity identity_;
  Provider provider_{identity_.sender, /*rate=*/0, /*at_once=*/2};
  const rpc::Call call_ = MakeCall(rpc::testing::Service("notifications"));
  observe::Telemetry telemetry_ = observe::NullTelemetry();
};

TEST_F(CourierTest, ARepeatedRequestSendsOneMessage) {
  const std::string guest = Register("guest@example.ru");
  Courier courier = MakeCourier(provider_);
  Queue(guest, "Ваше обращение решено");
  Queue(guest, "Ваше обращение решено");
  Send(courier);
  Queue(guest, "Ваше обращение решено");
  identity_.clock.Advance(absl::Hours(24));
  Send(courier);
  ASSERT_THAT(identity_.sender.messages(), SizeIs(1));
  EXPECT_EQ(identity_.sender.messages()[0].to.value, "guest@example.ru");
  EXPECT_EQ(identity_.sender.messages()[0].body, "Ваше обращение решено");
}

TEST_F(CourierTest, AMessageIsTriedAgainUntilItIsSent) {
  Queue(Register("guest@example.ru"), "x");
  Courier courier = MakeCourier(provider_);
  identity_.sender.FailWith(absl::UnavailableError("SMTP 451"));
  Send(courier);
  Send(courier);  // not at once
  ASSERT_THAT(List(MessageState::kFailed), SizeIs(1));
  EXPECT_EQ(List(MessageState::kFailed)[0].attempts, 1);
  EXPECT_EQ(List(MessageState::kFailed)[0].error, "SMTP 451");
  identity_.sender.FailWith(absl::OkStatus());
  identity_.clock.Advance(absl::Minutes(1));
  Send(courier);
  EXPECT_THAT(identity_.sender.messages(), SizeIs(1));
}

TEST_F(CourierTest, WhatTheProviderRefusesIsDead) {
  Queue(Register("guest@example.ru"), "x");
  Courier courier = MakeCourier(provider_);
  identity_.sender.FailWith(absl::InvalidArgumentError("SMTP 550"));
  Send(courier);
  EXPECT_THAT(List(MessageState::kDead), SizeIs(1));
}

TEST_F(CourierTest, AMessageIsDeadAfterTooManyAttempts) {
  Queue(Register("guest@example.ru"), "x");
  Courier courier = MakeCourier(provider_);
  identity_.sender.FailWith(absl::UnavailableError("SMTP 451"));
  absl::Duration waited;
  while (List(MessageState::kDead).empty() && waited < absl::Hours(72)) {
    Send(courier);
    identity_.clock.Advance(absl::Minutes(10));
    waited += absl::Minutes(10);
  }
  ASSERT_THAT(List(MessageState::kDead), SizeIs(1));
  EXPECT_EQ(List(MessageState::kDead)[0].attempts, kMostAttempts);
  EXPECT_GT(waited, absl::Hours(18));
  EXPECT_LT(waited, absl::Hours(48));
}

TEST_F(CourierTest, ASignInCodeOvertakesTheQueue) {
  const std::string guest = Register("guest@example.ru");
  Queue(guest, "x");
  Provider slow(identity_.sender, /*rate=*/0.001, /*at_once=*/1);
  DirectSender direct(slow, slow, identity_.clock);
  ASSERT_OK(direct.Send({.id = "code", .to = {api::Contact::Kind::kEmail, "a@b.ru"}}));
  EXPECT_THAT(identity_.sender.messages(), SizeIs(1));
  Courier courier = MakeCourier(slow);
  const auto pause = courier.SendNext();
  ASSERT_OK(pause);
  EXPECT_GT(*pause, absl::ZeroDuration()) << "the code used up the rate";
  EXPECT_THAT(identity_.sender.messages(), SizeIs(1));
}

TEST_F(CourierTest, AMessageToAnErasedPersonIsDropped) {
  const std::string guest = Register("guest@example.ru");
  Queue(guest, "x");
  ASSERT_OK(
      identity_.Write([](sql::Transaction& t) { return t.Execute("DELETE FROM resident_keys"); }));
  Courier courier = MakeCourier(provider_);
  Send(courier);
  EXPECT_THAT(identity_.sender.messages(), IsEmpty());
}

// A process that was killed after sending and before marking the message as sent: the next courier
// writes the same file.
TEST_F(CourierTest, SendingTwiceLeavesOneFile) {
  const testing::TemporaryFolder folder;
  FileOutbox outbox(folder.path() / "outbox");
  const std::string guest = Register("+79991234567");
  Queue(guest, "Строка «в кавычках»\nи ещё одна");
  const auto claimed = identity_.Write([&](sql::Transaction& t) {
    return identity_.message_store.Claim(t, Channel::kSms, "", identity_.clock.Now());
  });
  ASSERT_OK(claimed);
  ASSERT_OK(outbox.Send(**claimed));

  identity_.clock.Advance(kClaimLifetime);
  Provider provider(outbox, /*rate=*/0, /*at_once=*/1);
  Courier courier = MakeCourier(provider, Channel::kSms);
  EXPECT_THAT(courier.SendNext(), IsOkAndHolds(absl::ZeroDuration()));
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "outbox")) {
    files.push_back(entry.path());
  }
  ASSERT_THAT(files, SizeIs(1));
  EXPECT_TRUE(IsUlid(files[0].stem().string()));
  std::ostringstream text;
  text << std::ifstream(files[0]).rdbuf();
  google::protobuf::Struct json;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(text.str(), &json).ok());
  const auto field = [&](const char* name) { return json.fields().at(name).string_value(); };
  EXPECT_EQ(field("to"), "+79991234567");
  EXPECT_EQ(field("channel"), "SMS");
  EXPECT_EQ(field("subject"), "Ответ");
  EXPECT_EQ(field("body"), "Строка «в кавычках»\nи ещё одна");
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, field("createTime"), &time, &error)) << error;
}

TEST_F(CourierTest, TheCourierWakesUpForAMessage) {
  Courier courier = MakeCourier(provider_);
  courier.Start();
  const std::string guest = Register("guest@example.ru");
  Queue(guest, "x");
  courier.Wake();
  while (identity_.sender.messages().empty()) std::this_thread::yield();
  courier.Stop();
}

}  // namespace
}  // namespace veche::identity

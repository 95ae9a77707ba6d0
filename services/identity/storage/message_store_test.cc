#include "services/identity/storage/message_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "common/sql/explaining.h"
#include "services/identity/domain/retry.h"
#include "services/identity/testing/fixture.h"

namespace veche::identity {
namespace {

using sql::Transaction;
using ::testing::HasSubstr;
using testing::Identity;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Property;
using ::testing::SizeIs;
using veche::testing::IsOkAndHolds;

constexpr char kSuffix[] = "@city.example";

class MessageStoreTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override { identity_ = std::make_unique<Identity>(GetParam().open()); }

  MessageStore& store() { return identity_->message_store; }
  absl::Time now() { return identity_->clock.Now(); }
  template <typename Body>
  auto Write(Body body) {
    return identity_->Write(body);
  }

  // Registers a guest and returns the id.
  std::string AddGuest(const std::string& contact, const std::string& locale = "ru") {
    const Resident guest{.id = identity_->ids.New(),
                         .guest = true,
                         .profile = {.locale = locale},
                         .contacts = {{.contact = *api::ParseContact(contact)}},
                         .create_time = now()};
    EXPECT_OK(Write([&](Transaction& t) { return identity_->store.FindOrAddGuest(t, guest, ""); }));
    return guest.id;
  }
  // Queues a message and returns its id.
  std::string Queue(const std::string& resident, const std::string& request, bool urgent = false) {
    QueuedMessage message{.id = identity_->ids.New(),
                          .request = request,
                          .resident = resident,
                          .subject = "Тема",
                          .body = "Текст",
                          .html = "<p>Текст</p>",
                          .unsubscribe_url = "https://city.example/u",
                          .urgent = urgent,
                          .create_time = now()};
    EXPECT_OK(Write([&](Transaction& t) -> absl::Status {
      const std::string ids[] = {resident};
      const auto recipients = store().FindRecipients(t, ids);
      if (!recipients.ok()) return recipients.status();
      return store().Add(t, absl::MakeSpan(&message, 1), *recipients);
    }));
    return message.id;
  }
  absl::StatusOr<std::optional<OutgoingMessage>> Claim(Channel channel = Channel::kEmail) {
    return Write([&](Transaction& t) { return store().Claim(t, channel, kSuffix, now()); });
  }
  MessageSummary Get(const std::string& id) {
    const auto message = Write([&](Transaction& t) { return store().Get(t, id); });
    EXPECT_OK(message);
    return message.ok() && *message ? **message : MessageSummary();
  }

  std::unique_ptr<Identity> identity_;
};

TEST_P(MessageStoreTest, FindsWhoCanBeReached) {
  const std::string email = AddGuest("a@b.example", "tt");
  const std::string phone = AddGuest("+79991234567");
  const std::string erased = AddGuest("c@b.example");
  ASSERT_OK(Write([&](Transaction& t) {
    return t.Execute("DELETE FROM resident_keys WHERE resident = $1", erased);
  }));
  const std::string ids[] = {email, phone, erased, "nobody", ""};
  const auto found = Write([&](Transaction& t) { return store().FindRecipients(t, ids); });
  ASSERT_OK(found);
  ASSERT_THAT(*found, SizeIs(2));
  EXPECT_EQ(found->at(email).channel, Channel::kEmail);
  EXPECT_EQ(found->at(email).locale, "tt");
  EXPECT_EQ(found->at(phone).channel, Channel::kSms);
}

TEST_P(MessageStoreTest, AMessageIsClaimedByOneAndComesBackUntilItIsSent) {
  const std::string guest = AddGuest("a@b.example");
  const std::string id = Queue(guest, "request");
  Queue(guest, "request");  // a repeat
  EXPECT_EQ(Get(id).state, MessageState::kQueued);
  std::atomic<int> claimed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const auto message = Claim();
      ASSERT_OK(message);
      if (*message) ++claimed;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(claimed, 1);
  EXPECT_EQ(Get(id).state, MessageState::kSending);

  // The process that claimed it has died.
  identity_->clock.Advance(kClaimLifetime);
  const auto again = Claim();
  ASSERT_OK(again);
  ASSERT_TRUE(again->has_value());
  EXPECT_EQ((*again)->id, id);
  EXPECT_EQ((*again)->key, id + kSuffix);
  EXPECT_EQ((*again)->attempt, 2);
  EXPECT_EQ((*again)->to.value, "a@b.example");
  EXPECT_EQ((*again)->subject, "Тема");
  EXPECT_EQ((*again)->body, "Текст");
  EXPECT_EQ((*again)->html, "<p>Текст</p>");
  EXPECT_EQ((*again)->unsubscribe_url, "https://city.example/u");
  // The end of an older claim changes nothing.
  ASSERT_OK(Write([&](Transaction& t) { return store().MarkDead(t, id, 1, "SMTP 550", now()); }));
  EXPECT_EQ(Get(id).state, MessageState::kSending);
  ASSERT_OK(Write([&](Transaction& t) { return store().MarkSent(t, id, now()); }));
  EXPECT_EQ(Get(id).state, MessageState::kSent);
  identity_->clock.Advance(absl::Hours(48));
  EXPECT_THAT(Claim(), IsOkAndHolds(Property(&std::optional<OutgoingMessage>::has_value, false)));
  Queue(guest, "request");
  EXPECT_THAT(Claim(), IsOkAndHolds(Property(&std::optional<OutgoingMessage>::has_value, false)))
      << "a repeat after it was sent";
}

TEST_P(MessageStoreTest, KeepsItsKeyWhenTheProviderChanges) {
  const std::string id = Queue(AddGuest("a@b.example"), "r");
  ASSERT_OK(Claim());
  // A program that has its database for itself need not wait for the end of the claim.
  ASSERT_OK(Write([&](Transaction& t) { return store().EndClaims(t, now()); }));
  const auto again = Write(
      [&](Transaction& t) { return store().Claim(t, Channel::kEmail, "@other.example", now()); });
  ASSERT_OK(again);
  EXPECT_EQ((*again)->key, id + kSuffix);
}

TEST_P(MessageStoreTest, ClaimsByChannelAndUrgency) {
  const std::string email = AddGuest("a@b.example");
  const std::string phone = AddGuest("+79991234567");
  const std::string first = Queue(email, "1");
  identity_->clock.Advance(absl::Seconds(1));
  Queue(phone, "2");
  const std::string urgent = Queue(email, "3", /*urgent=*/true);
  EXPECT_EQ((*Claim())->id, urgent);
  EXPECT_EQ((*Claim())->id, first);
  EXPECT_THAT(Claim(), IsOkAndHolds(Property(&std::optional<OutgoingMessage>::has_value, false)));
  EXPECT_EQ((*Claim(Channel::kSms))->to.value, "+79991234567");
}

TEST_P(MessageStoreTest, WhoWasErasedGetsNothing) {
  const std::string erased = AddGuest("a@b.example");
  const std::string id = Queue(erased, "1");
  identity_->clock.Advance(absl::Seconds(1));
  const std::string other = Queue(AddGuest("c@b.example"), "2");
  ASSERT_OK(Write([&](Transaction& t) {
    return t.Execute("DELETE FROM resident_keys WHERE resident = $1", erased);
  }));
  EXPECT_EQ((*Claim())->id, other);
  EXPECT_EQ(Get(id).state, MessageState::kSent);
}

TEST_P(MessageStoreTest, ADeadMessageRestsUntilItIsRevived) {
  const std::string id = Queue(AddGuest("a@b.example"), "appeals\nr");
  ASSERT_OK(Claim());
  ASSERT_OK(Write([&](Transaction& t) { return store().MarkDead(t, id, 1, "SMTP 550", now()); }));
  identity_->clock.Advance(absl::Hours(24 * 20));
  EXPECT_THAT(Claim(), IsOkAndHolds(Property(&std::optional<OutgoingMessage>::has_value, false)));
  const auto dead =
      Write([&](Transaction& t) { return store().List(t, MessageState::kDead, "", 10); });
  ASSERT_OK(dead);
  ASSERT_THAT(*dead, SizeIs(1));
  EXPECT_EQ(dead->at(0).id, id);
  EXPECT_EQ(dead->at(0).error, "SMTP 550");
  EXPECT_EQ(dead->at(0).attempts, 1);
  EXPECT_THAT(Write([&](Transaction& t) { return store().List(t, MessageState::kDead, id, 10); }),
              IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(Write([&](Transaction& t) { return store().Revive(t, id, now()); }),
              IsOkAndHolds(true));
  EXPECT_THAT(Write([&](Transaction& t) { return store().Revive(t, id, now()); }),
              IsOkAndHolds(false));
  const auto again = Claim();
  ASSERT_OK(again);
  ASSERT_TRUE(again->has_value());
  EXPECT_EQ((*again)->key, id + kSuffix);
  EXPECT_EQ((*again)->body, "Текст");
}

TEST_P(MessageStoreTest, FailedMessagesComeBackWhenTheyAreDue) {
  const std::string id = Queue(AddGuest("a@b.example"), "r");
  ASSERT_OK(Claim());
  ASSERT_OK(Write([&](Transaction& t) {
    return store().MarkFailed(t, id, 1, "SMTP 451", now() + absl::Hours(1));
  }));
  EXPECT_EQ(Get(id).state, MessageState::kFailed);
  identity_->clock.Advance(absl::Minutes(59));
  EXPECT_THAT(Claim(), IsOkAndHolds(Property(&std::optional<OutgoingMessage>::has_value, false)));
  identity_->clock.Advance(absl::Minutes(1));
  EXPECT_EQ((*Claim())->attempt, 2);
}

TEST_P(MessageStoreTest, PruningKeepsWhatIsStillNeeded) {
  const std::string guest = AddGuest("a@b.example");
  const std::string sent = Queue(guest, "1");
  const std::string dead = Queue(guest, "2");
  const std::string waits = Queue(guest, "3");
  ASSERT_OK(Write([&](Transaction& t) { return store().MarkSent(t, sent, now()); }));
  ASSERT_OK(Write([&](Transaction& t) { return store().MarkDead(t, dead, 0, "x", now()); }));
  const auto prune = [&] {
    ASSERT_OK(Write([&](Transaction& t) { return store().Prune(t, now()); }));
  };
  identity_->clock.Advance(absl::Hours(24 * 29));
  prune();
  EXPECT_EQ(Get(sent).id, sent);
  EXPECT_EQ(Get(dead).id, dead);
  identity_->clock.Advance(absl::Hours(24 * 2));
  prune();
  EXPECT_EQ(Get(sent).id, "");
  EXPECT_EQ(Get(dead).id, "");
  EXPECT_EQ(Get(waits).id, waits);
}

INSTANTIATE_TEST_SUITE_P(Engines, MessageStoreTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

TEST(MessageStorePlanTest, QueueAndListsAreServedByIndexes) {
  Identity identity;
  sql::testing::ExplainingDatabase explaining(*identity.database);
  EXPECT_OK(explaining.Read([&](Transaction& t) {  // it finds none, and so writes nothing
    return identity.message_store.Claim(t, Channel::kEmail, "", absl::Now()).status();
  }));
  EXPECT_OK(explaining.Read([&](Transaction& t) {
    return identity.message_store.List(t, MessageState::kDead, "", 10).status();
  }));
  ASSERT_THAT(explaining.plans, SizeIs(2));
  EXPECT_THAT(explaining.plans[0], HasSubstr("messages_to_send"));
  EXPECT_THAT(explaining.plans[1], HasSubstr("messages_by_state"));
  for (const std::string& plan : explaining.plans) EXPECT_THAT(plan, Not(HasSubstr("TEMP B-TREE")));
}

}  // namespace
}  // namespace veche::identity

#include "services/identity/storage/store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>

#include "services/identity/testing/fixture.h"

namespace veche::identity {
namespace {

using sql::Transaction;
using ::testing::ElementsAre;
using ::testing::Eq;
using testing::Identity;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;
using veche::testing::IsOkAndHolds;
using veche::testing::StatusIs;

const api::Contact kPhone{api::Contact::Kind::kPhone, "+79991234567"};

// What every engine must do.
class StoreTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    auto database = GetParam().open();
    if (database == nullptr) GTEST_SKIP() << GetParam().name << " is not available";
    identity_ = std::make_unique<Identity>(std::move(database));
  }

  Store& store() { return identity_->store; }
  absl::Time now() { return identity_->clock.Now(); }
  template <typename Body>
  auto Write(Body body) {
    return identity_->Write(body);
  }
  Resident MakeResident(const api::Contact& contact) {
    return {.id = identity_->ids.New(),
            .profile = {.display_name = "Рөстәм Ильдарович"},
            .contacts = {{contact, now()}},
            .consents = {{std::string(kPersonalData), now()}},
            .create_time = now()};
  }
  absl::StatusOr<std::string> Add(const Resident& resident) {
    return Write([&](Transaction& t) { return store().FindOrAddResident(t, resident); });
  }
  Staff MakeStaff(const std::string& login) {
    return {.id = identity_->ids.New(),
            .login = login,
            .password_hash = "hash",
            .profile = {.display_name = "Ирина"},
            .roles = {options::v1::OFFICER, options::v1::EDITOR},
            .department = "departments/roads",
            .create_time = now()};
  }

  std::unique_ptr<Identity> identity_;
};

TEST_P(StoreTest, ReadsAResidentAsWritten) {
  const Resident written = MakeResident(kPhone);
  EXPECT_THAT(Add(written), IsOkAndHolds(written.id));
  const auto read = Write([&](Transaction& t) { return store().GetResident(t, written.id); });
  ASSERT_OK(read);
  ASSERT_TRUE(read->has_value());
  EXPECT_EQ((*read)->profile.display_name, "Рөстәм Ильдарович");
  EXPECT_EQ((*read)->contacts.at(0).contact, kPhone);
  EXPECT_EQ((*read)->contacts.at(0).confirm_time, now());
  EXPECT_THAT((*read)->consents, SizeIs(1));
  EXPECT_FALSE((*read)->guest);
}

TEST_P(StoreTest, AContactHasOneResidentHoweverManyRegisterIt) {
  std::vector<std::string> ids(20);
  std::vector<std::thread> threads;
  for (std::string& id : ids) {
    threads.emplace_back([&] {
      const auto added = Add(MakeResident(kPhone));
      ASSERT_OK(added);
      id = *added;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(std::set<std::string>(ids.begin(), ids.end()), SizeIs(1));
  EXPECT_THAT(Write([&](Transaction& t) { return store().FindResident(t, kPhone); }),
              IsOkAndHolds(Optional(ids[0])));
}

TEST_P(StoreTest, NothingPersonalIsReadableInTheTables) {
  const Resident resident = MakeResident(kPhone);
  ASSERT_OK(Add(resident));
  ASSERT_OK(Write([&](Transaction& t) {
    return store().AddChallenge(t, {.id = "c", .contact = kPhone, .code_hash = "h"});
  }));
  ASSERT_OK(Write([&](Transaction& t) -> absl::Status {
    MessageStore& messages = identity_->message_store;
    const std::string ids[] = {resident.id};
    const auto recipients = messages.FindRecipients(t, ids);
    if (!recipients.ok()) return recipients.status();
    const QueuedMessage message{
        .id = "m", .request = "r", .resident = resident.id, .body = "Здравствуйте, Рөстәм"};
    return messages.Add(t, absl::MakeSpan(&message, 1), *recipients);
  }));
  ASSERT_OK(Write([&](Transaction& t) {
    return identity_->feedback_store.Add(
        t, {.id = "f", .text = "Я Рөстәм", .contact = "+79991234567"});
  }));
  std::string everything;
  ASSERT_OK(identity_->database->Read([&](Transaction& t) -> absl::Status {
    for (const char* query : {"SELECT lookup FROM contacts", "SELECT lookup FROM challenges"}) {
      const auto rows = t.Query(query);
      if (rows.ok()) everything += rows->at(0).Text(0);
    }
    for (const char* query :
         {"SELECT sealed_value FROM contacts", "SELECT sealed_display_name FROM residents",
          "SELECT sealed_contact FROM challenges", "SELECT sealed_body FROM messages",
          "SELECT sealed_text FROM feedback", "SELECT sealed_contact FROM feedback"}) {
      const auto rows = t.Query(query);
      if (rows.ok()) everything += rows->at(0).Bytes(0);
    }
    return absl::OkStatus();
  }));
  EXPECT_GT(everything.size(), 200u);
  EXPECT_EQ(everything.find("9991234567"), std::string::npos);
  EXPECT_EQ(everything.find("Рөстәм"), std::string::npos);
}

TEST_P(StoreTest, DestroyingTheKeyErasesThePerson) {
  const Resident resident = MakeResident(kPhone);
  ASSERT_OK(Add(resident));
  ASSERT_OK(Write([&](Transaction& t) {
    return t.Execute("DELETE FROM resident_keys WHERE resident = $1", resident.id);
  }));
  EXPECT_THAT(Write([&](Transaction& t) { return store().GetResident(t, resident.id); }),
              IsOkAndHolds(Eq(std::nullopt)));
}

TEST_P(StoreTest, AGuestRequestMakesOneGuest) {
  Resident first = MakeResident(kPhone);
  first.guest = true;
  Resident second = first;
  second.id = identity_->ids.New();
  const auto add = [&](const Resident& guest, absl::string_view request) {
    return Write([&](Transaction& t) { return store().FindOrAddGuest(t, guest, request); });
  };
  EXPECT_THAT(add(first, "r1"), IsOkAndHolds(first.id));
  EXPECT_THAT(add(second, "r1"), IsOkAndHolds(first.id));
  EXPECT_THAT(add(second, "r2"), IsOkAndHolds(second.id));
  // Guests' contacts are nobody's: they are not looked up, and do not stop anyone from registering.
  EXPECT_THAT(Write([&](Transaction& t) { return store().FindResident(t, kPhone); }),
              IsOkAndHolds(Eq(std::nullopt)));
}

TEST_P(StoreTest, UpdatesOfOneResidentFollowEachOther) {
  const Resident resident = MakeResident(kPhone);
  ASSERT_OK(Add(resident));
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      EXPECT_OK(Write([&](Transaction& t) {
        return store().UpdateResident(t, resident.id, [](Resident& changed) {
          changed.profile.display_name += "x";
          return absl::OkStatus();
        });
      }));
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto read = Write([&](Transaction& t) { return store().GetResident(t, resident.id); });
  EXPECT_EQ((*read)->profile.display_name, "Рөстәм Ильдаровичxxxxxxxx");
}

TEST_P(StoreTest, LoginsAreUniqueAndStaffListedNewestFirst) {
  std::vector<std::string> ids;
  for (const char* login : {"first", "second", "third"}) {
    identity_->clock.Advance(absl::Seconds(1));
    const Staff staff = MakeStaff(login);
    ids.insert(ids.begin(), staff.id);
    EXPECT_THAT(Write([&](Transaction& t) { return store().AddStaff(t, staff); }),
                IsOkAndHolds(true));
  }
  EXPECT_THAT(Write([&](Transaction& t) { return store().AddStaff(t, MakeStaff("second")); }),
              IsOkAndHolds(false));
  const auto page = Write([&](Transaction& t) { return store().ListStaff(t, ids[0], 5); });
  ASSERT_OK(page);
  ASSERT_THAT(*page, SizeIs(2));
  EXPECT_EQ(page->at(0).id, ids[1]);
  EXPECT_EQ(page->at(0).login, "second");
  EXPECT_TRUE(page->at(0).roles == auth::Roles({options::v1::OFFICER, options::v1::EDITOR}));
  EXPECT_EQ(page->at(0).department, "departments/roads");
}

TEST_P(StoreTest, TriesAreGivenOutOneByOneAndFiveInAll) {
  ASSERT_OK(Write([&](Transaction& t) {
    return store().AddChallenge(t, {.id = "c",
                                    .contact = kPhone,
                                    .code_hash = "hash",
                                    .create_time = now(),
                                    .expire_time = now() + kCodeLifetime});
  }));
  std::atomic<int> given = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 20; ++i) {
    threads.emplace_back([&] {
      const auto challenge = Write([&](Transaction& t) { return store().CountTry(t, "c", now()); });
      ASSERT_OK(challenge);
      if (*challenge) {
        ++given;
        EXPECT_EQ((*challenge)->contact, kPhone);
        EXPECT_EQ((*challenge)->code_hash, "hash");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(given, kMaxTries);
}

TEST_P(StoreTest, ExpiredAndUsedChallengesGiveNoTry) {
  for (const char* id : {"old", "used"}) {
    ASSERT_OK(Write([&](Transaction& t) {
      return store().AddChallenge(t, {.id = id,
                                      .contact = kPhone,
                                      .code_hash = "h",
                                      .create_time = now(),
                                      .expire_time = now() + kCodeLifetime});
    }));
  }
  ASSERT_OK(Write([&](Transaction& t) { return store().MarkUsed(t, "used"); }));
  const auto take = [&](absl::string_view id) {
    return Write([&](Transaction& t) { return store().CountTry(t, id, now()); });
  };
  EXPECT_THAT(take("used"), IsOkAndHolds(Eq(std::nullopt)));
  identity_->clock.Advance(kCodeLifetime);
  EXPECT_THAT(take("old"), IsOkAndHolds(Eq(std::nullopt)));
  EXPECT_THAT(take("unknown"), IsOkAndHolds(Eq(std::nullopt)));
}

TEST_P(StoreTest, OneOfManyRotatesASession) {
  ASSERT_OK(Write([&](Transaction& t) {
    return store().AddSession(t, {.id = "s",
                                  .principal = "staff/1",
                                  .token_hash = "one",
                                  .rotate_time = now(),
                                  .expire_time = now()});
  }));
  std::atomic<int> rotated = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 20; ++i) {
    threads.emplace_back([&] {
      const auto done = Write([&](Transaction& t) {
        return store().RotateSession(t, "one",
                                     {.id = "s",
                                      .token_hash = "two",
                                      .previous_hash = "one",
                                      .rotate_time = now(),
                                      .expire_time = now()});
      });
      ASSERT_OK(done);
      rotated += *done ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(rotated, 1);
  ASSERT_OK(Write([&](Transaction& t) { return store().EndSessionsOf(t, "staff/1", now()); }));
  const auto session = Write([&](Transaction& t) { return store().GetSession(t, "s"); });
  EXPECT_FALSE(session->has_value());
}

TEST_P(StoreTest, TheFirstSigningKeyStays) {
  for (const char* pem : {"one", "two"}) {
    ASSERT_OK(Write([&](Transaction& t) { return store().AddFirstSigningKey(t, pem); }));
  }
  EXPECT_THAT(Write([&](Transaction& t) { return store().ListSigningKeys(t); }),
              IsOkAndHolds(ElementsAre("one")));
  const Vault other(std::string(32, 'x'));
  Store with_other_key(other);
  EXPECT_THAT(Write([&](Transaction& t) { return with_other_key.ListSigningKeys(t); }),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST_P(StoreTest, PruningKeepsWhatIsStillNeeded) {
  const auto add = [&](const char* id) {
    return Write([&](Transaction& t) {
      return store().AddChallenge(t, {.id = id,
                                      .contact = kPhone,
                                      .code_hash = "h",
                                      .create_time = now(),
                                      .expire_time = now() + kCodeLifetime});
    });
  };
  ASSERT_OK(add("old"));
  identity_->clock.Advance(absl::Hours(3));
  ASSERT_OK(add("new"));
  ASSERT_OK(Write([&](Transaction& t) { return store().Prune(t, now()); }));
  const auto count =
      Write([&](Transaction& t) { return store().CountCodes(t, kPhone, absl::UnixEpoch()); });
  ASSERT_OK(count);
  EXPECT_EQ(count->count, 1);
}

TEST_P(StoreTest, ListsResidentsByHomeInPages) {
  std::vector<std::string> of_a, of_all;
  std::string erased;
  for (int i = 0; i < 9; ++i) {
    Resident resident = MakeResident({api::Contact::Kind::kEmail, absl::StrCat(i, "@a.ru")});
    resident.profile.home_district = i % 3 == 0 ? "districts/a" : i % 3 == 1 ? "districts/b" : "";
    ASSERT_OK(Add(resident));
    if (i == 3) {
      erased = resident.id;
      continue;
    }
    if (i % 3 == 0) of_a.push_back(resident.id);
    of_all.push_back(resident.id);
  }
  Resident guest = MakeResident({api::Contact::Kind::kEmail, "guest@a.ru"});
  guest.guest = true;
  guest.profile.home_district = "districts/a";
  ASSERT_OK(Write([&](Transaction& t) { return store().FindOrAddGuest(t, guest, ""); }));
  ASSERT_OK(Write([&](Transaction& t) {
    return t.Execute("DELETE FROM resident_keys WHERE resident = $1", erased);
  }));
  std::sort(of_a.begin(), of_a.end());
  std::sort(of_all.begin(), of_all.end());
  const auto pages = [&](const std::vector<std::string>& districts, int size) {
    std::vector<std::string> ids;
    while (true) {
      const auto page = Write([&](Transaction& t) {
        return store().ListResidents(t, districts, ids.empty() ? "" : ids.back(), size);
      });
      EXPECT_OK(page);
      if (!page.ok() || page->empty()) return ids;
      ids.insert(ids.end(), page->begin(), page->end());
    }
  };
  EXPECT_EQ(pages({}, 3), of_all);
  EXPECT_EQ(pages({"districts/a"}, 1), of_a);
  EXPECT_EQ(pages({"districts/a", "districts/b", "districts/a"}, 2).size(), 5u);
  EXPECT_THAT(pages({"districts/c"}, 10), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Engines, StoreTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::identity

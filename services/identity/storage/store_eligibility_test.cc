#include <gtest/gtest.h>

#include <algorithm>

#include "common/sql/explaining.h"
#include "services/identity/storage/store.h"
#include "services/identity/testing/fixture.h"

namespace veche::identity {
namespace {

using absl::CivilDay;
using sql::Transaction;
using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::HasSubstr;
using testing::Identity;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;
using veche::testing::HasReason;
using veche::testing::IsOkAndHolds;

const CivilDay kToday(2026, 9, 21);

// What every engine must do.
class StoreEligibilityTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    auto database = GetParam().open();
    if (database == nullptr) GTEST_SKIP() << GetParam().name << " is not available";
    identity_ = std::make_unique<Identity>(std::move(database));
  }

  Store& store() { return identity_->store; }
  template <typename Body>
  auto Write(Body body) {
    return identity_->Write(body);
  }
  std::string Add(const std::string& home_district) {
    const absl::Time now = identity_->clock.Now();
    const Resident resident{
        .id = identity_->ids.New(),
        .profile = {.home_district = home_district},
        .contacts = {{{api::Contact::Kind::kEmail, absl::StrCat(++residents_, "@a.ru")}, now}},
        .create_time = now};
    EXPECT_OK(Write([&](Transaction& t) { return store().FindOrAddResident(t, resident); }));
    return resident.id;
  }
  absl::Status Verify(const std::string& id, CivilDay birth_date, std::string district = "") {
    return identity_->database->Write([&](Transaction& t) {
      return store().Verify(t, {.resident = id,
                                .birth_date = birth_date,
                                .district = std::move(district),
                                .document_kind = "PASSPORT",
                                .staff = "s",
                                .verify_time = identity_->clock.Now()});
    });
  }
  absl::StatusOr<DistrictCounts> Count(const EligibilityRule& rule) {
    return Write([&](Transaction& t) { return store().CountEligible(t, rule, kToday); });
  }
  absl::StatusOr<std::optional<Standing>> StandingOf(const std::string& id) {
    return Write([&](Transaction& t) { return store().GetStanding(t, id); });
  }

  std::unique_ptr<Identity> identity_;
  int residents_ = 0;
};

TEST_P(StoreEligibilityTest, ThePapersDistrictComesBeforeTheProfiles) {
  const std::string id = Add("districts/home");
  auto standing = StandingOf(id);
  ASSERT_OK(standing);
  EXPECT_FALSE((*standing)->verified);
  EXPECT_EQ((*standing)->district, "districts/home");
  ASSERT_OK(Verify(id, CivilDay(1990, 2, 28), "districts/paper"));
  standing = StandingOf(id);
  EXPECT_TRUE((*standing)->verified);
  EXPECT_EQ((*standing)->birth_date, CivilDay(1990, 2, 28));
  EXPECT_EQ((*standing)->district, "districts/paper");
  ASSERT_OK(Verify(id, CivilDay(1991, 1, 1)));
  standing = StandingOf(id);
  EXPECT_EQ((*standing)->birth_date, CivilDay(1991, 1, 1));
  EXPECT_EQ((*standing)->district, "districts/home");
  ASSERT_OK(identity_->database->Write([&](Transaction& t) { return store().Unverify(t, id); }));
  EXPECT_FALSE((*StandingOf(id))->verified);
}

TEST_P(StoreEligibilityTest, StrangersAndGuestsAreNotVerified) {
  EXPECT_THAT(Verify("nobody", CivilDay(1990, 1, 1)), HasReason("RESIDENT_NOT_FOUND"));
  const Resident guest{.id = identity_->ids.New(),
                       .guest = true,
                       .contacts = {{{api::Contact::Kind::kEmail, "guest@a.ru"}}}};
  ASSERT_OK(Write([&](Transaction& t) { return store().FindOrAddGuest(t, guest, ""); }));
  EXPECT_THAT(Verify(guest.id, CivilDay(1990, 1, 1)), HasReason("RESIDENT_NOT_FOUND"));
  EXPECT_THAT(Count({}), IsOkAndHolds(IsEmpty()));
}

TEST_P(StoreEligibilityTest, TheBirthDateIsNotReadableInTheTables) {
  const std::string id = Add("");
  ASSERT_OK(Verify(id, CivilDay(1990, 2, 28)));
  ASSERT_OK(identity_->database->Read([&](Transaction& t) -> absl::Status {
    const auto rows =
        t.Query("SELECT sealed_birth_date, sealed_document_kind, birth_year FROM verifications");
    EXPECT_OK(rows);
    EXPECT_EQ(rows->at(0).Bytes(0).find("02-28"), std::string::npos);
    EXPECT_EQ(rows->at(0).Bytes(1).find("PASS"), std::string::npos);
    EXPECT_EQ(rows->at(0).Int(2), 1990);
    return absl::OkStatus();
  }));
}

TEST_P(StoreEligibilityTest, CountsThoseWhomTheRuleAdmits) {
  const std::string a = "districts/a", b = "districts/b";
  Add(a);
  Add("");
  ASSERT_OK(Verify(Add(a), CivilDay(2008, 9, 21)));  // 18 today
  ASSERT_OK(Verify(Add(a), CivilDay(2008, 9, 22)));  // 18 tomorrow
  ASSERT_OK(Verify(Add(a), CivilDay(1950, 12, 31), b));
  ASSERT_OK(Verify(Add(b), CivilDay(2020, 1, 1)));
  const std::string erased = Add(b);
  ASSERT_OK(Verify(erased, CivilDay(2008, 1, 1)));
  ASSERT_OK(Write([&](Transaction& t) {
    return t.Execute("DELETE FROM resident_keys WHERE resident = $1", erased);
  }));

  EXPECT_THAT(Count({}), IsOkAndHolds(UnorderedElementsAre(Pair(a, 3), Pair(b, 2), Pair("", 1))));
  EXPECT_THAT(Count({.verified = true}),
              IsOkAndHolds(UnorderedElementsAre(Pair(a, 2), Pair(b, 2))));
  EXPECT_THAT(Count({.min_age = 18}), IsOkAndHolds(UnorderedElementsAre(Pair(a, 1), Pair(b, 1))));
  EXPECT_THAT(Count({.min_age = 18, .districts = {b}}),
              IsOkAndHolds(UnorderedElementsAre(Pair(b, 1))));
  EXPECT_THAT(Count({.min_age = 100}), IsOkAndHolds(IsEmpty()));
}

TEST_P(StoreEligibilityTest, ListsResidentsByTheDistrictForWhichTheyAreCounted) {
  const std::string a = "districts/a", b = "districts/b";
  const std::string home_a = Add(a);       // no document
  const std::string moved = Add(a);        // the document names b
  const std::string document_a = Add("");  // known from the document only
  const std::string no_district_in_document = Add(a);
  const std::string both = Add(a);
  Add("");
  ASSERT_OK(Verify(moved, CivilDay(1990, 1, 1), b));
  ASSERT_OK(Verify(document_a, CivilDay(1990, 1, 1), a));
  ASSERT_OK(Verify(no_district_in_document, CivilDay(1990, 1, 1)));
  ASSERT_OK(Verify(both, CivilDay(1990, 1, 1), a));
  const std::string erased = Add("");
  ASSERT_OK(Verify(erased, CivilDay(1990, 1, 1), a));
  ASSERT_OK(Write([&](Transaction& t) {
    return t.Execute("DELETE FROM resident_keys WHERE resident = $1", erased);
  }));
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
  std::vector<std::string> of_a = {home_a, document_a, no_district_in_document, both};
  std::sort(of_a.begin(), of_a.end());
  for (const int size : {1, 2, 10}) {
    EXPECT_EQ(pages({a}, size), of_a) << size;
    EXPECT_THAT(pages({b}, size), ElementsAre(moved)) << size;
    EXPECT_EQ(pages({a, b}, size).size(), 5u) << size;
  }
  for (const std::string& id : of_a) EXPECT_EQ((*StandingOf(id))->district, a);
  ASSERT_OK(identity_->database->Write([&](Transaction& t) { return store().Unverify(t, moved); }));
  EXPECT_THAT(pages({b}, 10), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Engines, StoreEligibilityTest,
                         ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

// Every page of a large city is one walk along an index, or one along each of two.
TEST(StorePlanTest, PagesOfResidentsAreServedByIndexes) {
  Identity identity;
  sql::testing::ExplainingDatabase explaining(*identity.database);
  const auto list = [&](const std::vector<std::string>& districts,
                        const std::vector<std::string>& indexes) {
    explaining.plans.clear();
    EXPECT_OK(explaining.Read([&](Transaction& t) {
      return identity.store.ListResidents(t, districts, "01", 500).status();
    }));
    ASSERT_EQ(explaining.plans.size(), indexes.size());
    for (size_t i = 0; i < indexes.size(); ++i) {
      EXPECT_THAT(explaining.plans[i], HasSubstr(indexes[i]));
      EXPECT_THAT(explaining.plans[i], Not(HasSubstr("TEMP B-TREE")));
      EXPECT_THAT(explaining.plans[i], Not(HasSubstr("SCAN")));
    }
  };
  list({}, {"residents_not_guests"});
  list({"districts/a"}, {"verifications_by_district", "residents_by_home"});
}

}  // namespace
}  // namespace veche::identity

#include "services/polling/storage/initiative_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "services/polling/testing/initiative_fixture.h"

// What every engine must do, also when many act at once.

namespace veche::polling {
namespace {

using ::testing::ElementsAre;
using testing::Initiatives;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using veche::testing::HasReason;

class InitiativeStoreTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    auto database = GetParam().open();
    if (database == nullptr) GTEST_SKIP() << GetParam().name << " is not available";
    city_ = std::make_unique<Initiatives>(std::move(database));
  }
  int64_t RowsOfSupport(const std::string& name) {
    int64_t count = -1;
    EXPECT_OK(city_->database->Read([&](sql::Transaction& transaction) -> absl::Status {
      auto rows =
          transaction.Query("SELECT COUNT(*) FROM initiative_supporters WHERE initiative = $1",
                            name.substr(strlen("initiatives/")));
      if (rows.ok()) count = rows->at(0).Int(0);
      return rows.status();
    }));
    return count;
  }

  std::unique_ptr<Initiatives> city_;
};

void InParallel(int threads, const std::function<void(int)>& work) {
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) running.emplace_back(work, i);
  for (std::thread& thread : running) thread.join();
}

TEST_P(InitiativeStoreTest, KeepsEveryField) {
  Initiative initiative;
  initiative.created = city_->clock.Now();
  initiative.id = city_->ids.NewAt(initiative.created);
  initiative.author = "residents/ivan";
  initiative.title = "Парк, звоните +79991234567";
  initiative.masked_title = "Парк, звоните [телефон]";
  initiative.text = "Много слов о парке.";
  initiative.district = "districts/north";
  initiative.category = "categories/parks";
  initiative.pictures = {"b", "a"};
  ASSERT_OK(city_->database->Write([&](sql::Transaction& transaction) -> absl::Status {
    return city_->store.Create(transaction, initiative, {}, {{"appeals/1"}}, {});
  }));
  initiative.state = InitiativeState::kDeclined;
  initiative.published = true;
  initiative.supporter_count = 7;
  initiative.threshold = 5;
  initiative.end = initiative.created + absl::Hours(1);
  initiative.response_due = initiative.created + absl::Hours(2);
  initiative.next_check = initiative.created + absl::Hours(3);
  initiative.overdue = true;
  initiative.merged_into = "m";
  initiative.rejection_reason = "r";
  initiative.response_text = "t";
  initiative.response_department = "departments/parks";
  initiative.response_time = initiative.created + absl::Hours(4);
  Initiative read;
  ASSERT_OK(city_->database->Write([&](sql::Transaction& transaction) -> absl::Status {
    EXPECT_OK(city_->store.Save(transaction, initiative, {}));
    auto got = city_->store.Get(transaction, initiative.id);
    if (got.ok()) read = *got;
    return got.status();
  }));
  EXPECT_EQ(read.state, initiative.state);
  EXPECT_TRUE(read.published);
  EXPECT_EQ(read.author, initiative.author);
  EXPECT_EQ(read.title, initiative.title);
  EXPECT_EQ(read.masked_title, initiative.masked_title);
  EXPECT_EQ(read.text, initiative.text);
  EXPECT_EQ(read.masked_text, "");
  EXPECT_EQ(read.district, initiative.district);
  EXPECT_EQ(read.category, initiative.category);
  EXPECT_EQ(read.pictures, initiative.pictures);
  EXPECT_EQ(read.supporter_count, 7);
  EXPECT_EQ(read.threshold, 5);
  EXPECT_EQ(read.created, initiative.created);
  EXPECT_EQ(read.end, initiative.end);
  EXPECT_EQ(read.response_due, initiative.response_due);
  EXPECT_EQ(read.next_check, initiative.next_check);
  EXPECT_TRUE(read.overdue);
  EXPECT_EQ(read.merged_into, "m");
  EXPECT_EQ(read.rejection_reason, "r");
  EXPECT_EQ(read.response_text, "t");
  EXPECT_EQ(read.response_department, "departments/parks");
  EXPECT_EQ(read.response_time, initiative.response_time);
}

TEST_P(InitiativeStoreTest, ManyResidentsSupportAtOnceAndEachCounts) {
  const std::string name = city_->Publish("author");
  constexpr int kThreads = 8, kEach = 10;
  InParallel(kThreads, [&](int thread) {
    for (int i = 0; i < kEach; ++i) {
      EXPECT_OK(city_->Support(name, absl::StrCat("r", thread, "-", i)));
    }
  });
  EXPECT_EQ(city_->Get(name)->supporter_count(), kThreads * kEach);
  EXPECT_EQ(RowsOfSupport(name), kThreads * kEach);
  EXPECT_EQ(city_->Get(name)->state(), v1::Initiative::AWAITING_RESPONSE);
  const auto events = city_->Events();
  EXPECT_EQ(std::count(events.begin(), events.end(), "initiative_threshold_reached"), 1);
}

TEST_P(InitiativeStoreTest, OneResidentCountsOnceFiftyTimesAtOnce) {
  const std::string name = city_->Publish("author");
  InParallel(50, [&](int) { EXPECT_OK(city_->Support(name, "ivan")); });
  EXPECT_EQ(city_->Get(name)->supporter_count(), 1);
  const auto events = city_->Events();
  EXPECT_EQ(std::count(events.begin(), events.end(), "initiative_supported"), 1);
  InParallel(50, [&](int) { EXPECT_OK(city_->Support(name, "ivan", false)); });
  EXPECT_EQ(city_->Get(name)->supporter_count(), 0);
  EXPECT_EQ(RowsOfSupport(name), 0);
}

TEST_P(InitiativeStoreTest, AMergeWhileResidentsSupportLosesAndDoublesNobody) {
  city_ = std::make_unique<Initiatives>(GetParam().open(), /*threshold=*/1000);
  const std::string repeat = city_->Publish("a", "Дорожка для велосипедов");
  const std::string target = city_->Publish("b");
  // Some support both.
  for (const char* resident : {"both1", "both2"}) {
    ASSERT_OK(city_->Support(repeat, resident));
    ASSERT_OK(city_->Support(target, resident));
  }
  std::atomic<int> accepted = 0;
  InParallel(8, [&](int thread) {
    if (thread == 7) {
      EXPECT_OK(city_->Merge(repeat, target));
      return;
    }
    for (int i = 0; i < 8; ++i) {
      const auto supported = city_->Support(repeat, absl::StrCat("r", thread, "-", i));
      if (supported.ok()) {
        ++accepted;
      } else {
        EXPECT_THAT(supported, HasReason("INITIATIVE_NOT_OPEN"));
      }
    }
  });
  // The two who support both count once; the author of the repeat supports the target.
  EXPECT_EQ(city_->Get(target)->supporter_count(), 2 + accepted + 1);
  EXPECT_EQ(RowsOfSupport(target), 2 + accepted + 1);
  EXPECT_EQ(city_->Get(repeat)->state(), v1::Initiative::MERGED);
  EXPECT_EQ(city_->Get(repeat)->merged_into(), target);
  EXPECT_THAT(city_->Merge(repeat, target), HasReason("INITIATIVE_STEP_NOT_ALLOWED"));
  EXPECT_EQ(RowsOfSupport(target), 2 + accepted + 1);
}

TEST_P(InitiativeStoreTest, TwoMergesIntoEachOtherEndWithOne) {
  const std::string a = city_->Publish("a", "Дорожка для велосипедов");
  const std::string b = city_->Publish("b");
  std::atomic<int> merged = 0;
  InParallel(2, [&](int i) { merged += (i == 0 ? city_->Merge(a, b) : city_->Merge(b, a)).ok(); });
  EXPECT_EQ(merged, 1);
}

TEST_P(InitiativeStoreTest, PagesHaveNoGapsWhateverTheOrderAndTheFilter) {
  std::vector<std::string> names;
  for (int i = 0; i < 12; ++i) {
    city_->clock.Advance(absl::Seconds(1));
    names.push_back(city_->Publish(absl::StrCat("author", i), "Велодорожка на набережной",
                                   i % 2 == 0 ? "districts/north" : "districts/south",
                                   i % 3 == 0 ? "categories/roads" : ""));
    for (int s = 0; s < i % 3; ++s) ASSERT_OK(city_->Support(names[i], absl::StrCat("s", s)));
  }
  v1::ListInitiativesRequest request;
  request.set_page_size(5);
  std::vector<std::string> newest(names.rbegin(), names.rend());
  EXPECT_EQ(city_->ListAll(request), newest);
  request.set_sort(v1::ListInitiativesRequest::SUPPORTERS);
  const auto top = city_->ListAll(request);
  ASSERT_THAT(top, SizeIs(12));
  EXPECT_EQ(top[0], names[11]);
  EXPECT_EQ(top[3], names[2]);
  EXPECT_EQ(top[4], names[10]);
  request.set_district("districts/north");
  request.set_category("categories/roads");
  EXPECT_THAT(city_->ListAll(request), ElementsAre(names[6], names[0]));
  request.set_state(v1::Initiative::EXPIRED);
  EXPECT_THAT(city_->ListAll(request), IsEmpty());
}

TEST_P(InitiativeStoreTest, TheScheduleRunsOnceOnManyReplicas) {
  const std::string expires = city_->Publish("a");
  const std::string awaits = city_->Publish("b");
  for (const char* resident : {"1", "2", "3"}) ASSERT_OK(city_->Support(awaits, resident));
  EXPECT_THAT(city_->schedule.RunOnce(), veche::testing::IsOkAndHolds(0));
  city_->clock.Advance(absl::Hours(24));
  std::atomic<int> changed = 0;
  InParallel(4, [&](int) { changed += *city_->schedule.RunOnce(); });
  EXPECT_EQ(changed, 1);
  EXPECT_EQ(city_->Get(expires)->state(), v1::Initiative::EXPIRED);
  EXPECT_THAT(city_->Support(expires, "late"), HasReason("INITIATIVE_NOT_OPEN"));
  city_->clock.Advance(absl::Hours(24));
  EXPECT_THAT(city_->schedule.RunOnce(), veche::testing::IsOkAndHolds(1));
  EXPECT_TRUE(city_->Get(awaits)->response_overdue());
}

TEST_P(InitiativeStoreTest, AResidentProposesFiveADayAlsoAtOnce) {
  std::atomic<int> taken = 0, refused = 0;
  InParallel(12, [&](int) {
    const auto proposed = city_->Propose("ivan");
    if (proposed.ok()) {
      ++taken;
    } else {
      EXPECT_THAT(proposed, HasReason("TOO_MANY_INITIATIVES"));
      ++refused;
    }
  });
  EXPECT_EQ(taken, kMostInitiativesADay);
  EXPECT_EQ(refused, 12 - kMostInitiativesADay);
  city_->clock.Advance(absl::Hours(25));
  EXPECT_OK(city_->Propose("ivan"));
}

INSTANTIATE_TEST_SUITE_P(Engines, InitiativeStoreTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::polling

#include "services/directory/storage/entry_store.h"

#include <gtest/gtest.h>

#include <memory>

#include "common/rpc/idempotency.h"
#include "common/sql/testing.h"
#include "common/testing/status_matchers.h"
#include "services/directory/storage/store.h"

namespace veche::directory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::StatusIs;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

class EntryStoreTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    database_ = GetParam().open();
    if (database_ == nullptr) GTEST_SKIP() << GetParam().name << " cannot be started here";
    ASSERT_OK(sql::Migrate(*database_, {rpc::IdempotencyMigrations(), Migrations()}));
  }

  absl::Status Put(Organization organization, EntryAction action) {
    return database_->Write([&](sql::Transaction& transaction) -> absl::Status {
      const auto version = entries_.BeginChange(transaction);
      if (!version.ok()) return version.status();
      organization.state.change = *version;
      return entries_.Put(transaction, organization,
                          {.version = organization.state.version,
                           .time = kNow,
                           .action = action,
                           .editor = "staff/e",
                           .fields = {"title", "hours"}});
    });
  }
  absl::Status Import(const std::vector<Organization>& organizations, absl::Time time) {
    return database_->Write([&](sql::Transaction& transaction) {
      return entries_.ApplyImport(transaction, organizations, {"services/commands", time});
    });
  }
  std::optional<Organization> Get(absl::string_view id) {
    std::optional<Organization> organization;
    EXPECT_OK(database_->Read([&](sql::Transaction& transaction) -> absl::Status {
      auto got = entries_.GetOrganization(transaction, id);
      if (!got.ok()) return got.status();
      organization = *got;
      return absl::OkStatus();
    }));
    return organization;
  }
  ChangedEntries LoadAfter(int64_t change) {
    ChangedEntries changed;
    EXPECT_OK(database_->Read([&](sql::Transaction& transaction) -> absl::Status {
      auto loaded = entries_.LoadAfter(transaction, change);
      if (!loaded.ok()) return loaded.status();
      changed = *loaded;
      return absl::OkStatus();
    }));
    return changed;
  }
  std::vector<std::string> Ids(const ChangedEntries& changed) {
    std::vector<std::string> ids;
    for (const Organization& organization : changed.organizations) ids.push_back(organization.id);
    for (const EService& service : changed.e_services) ids.push_back(service.id);
    return ids;
  }
  std::vector<EntryChange> History(absl::string_view name, int64_t below = 1'000) {
    std::vector<EntryChange> history;
    EXPECT_OK(database_->Read([&](sql::Transaction& transaction) -> absl::Status {
      auto listed = entries_.ListChanges(transaction, name, below, 10);
      if (!listed.ok()) return listed.status();
      history = *listed;
      return absl::OkStatus();
    }));
    return history;
  }
  int64_t Purge(absl::Time before) {
    int64_t removed = 0;
    EXPECT_OK(database_->Write([&](sql::Transaction& transaction) -> absl::Status {
      auto purged = entries_.Purge(transaction, before, 10);
      if (!purged.ok()) return purged.status();
      removed = *purged;
      return absl::OkStatus();
    }));
    return removed;
  }
  City LoadCity() {
    City city;
    EXPECT_OK(database_->Read([&](sql::Transaction& transaction) -> absl::Status {
      auto loaded = store_.Load(transaction);
      if (!loaded.ok()) return loaded.status();
      city = *loaded;
      return absl::OkStatus();
    }));
    return city;
  }

  std::unique_ptr<sql::Database> database_;
  Store store_;
  EntryStore entries_;
};

Organization MakeOrganization(absl::string_view id, absl::string_view title = "Библиотека «Ёлка»") {
  return {.id = std::string(id),
          .title = std::string(title),
          .titles = {{"tt", "Китапханә"}},
          .category = "culture",
          .phones = {{"112", "Беда"}},
          .location = geo::LatLng{55.75, -49.25},
          .hours = Hours{.periods = {{127, {540, 1080}}}},
          .state = {.version = 1,
                    .create_time = kNow,
                    .update_time = kNow + absl::Microseconds(1),
                    .confirm_time = kNow + absl::Microseconds(2)}};
}

TEST_P(EntryStoreTest, GivesBackWhatWasPut) {
  Organization organization = MakeOrganization("library");
  organization.state.delete_time = kNow + absl::Hours(1);
  ASSERT_OK(Put(organization, EntryAction::kDelete));
  const auto stored = Get("library");
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(stored->id, "library");
  EXPECT_THAT(ChangedFields(*stored, organization), IsEmpty());
  organization.state.change = 1;
  EXPECT_EQ(stored->state, organization.state);
  EXPECT_FALSE(Get("nothing").has_value());
  EXPECT_FALSE(Get("").has_value());
}

TEST_P(EntryStoreTest, LoadsWhatChangedAfterAVersion) {
  ASSERT_OK(Put(MakeOrganization("a"), EntryAction::kCreate));
  ASSERT_OK(Put(MakeOrganization("b"), EntryAction::kCreate));
  EXPECT_THAT(Ids(LoadAfter(0)), ElementsAre("a", "b"));
  EXPECT_THAT(Ids(LoadAfter(1)), ElementsAre("b"));
  Organization changed = MakeOrganization("a", "Другая");
  changed.state.version = 2;
  ASSERT_OK(Put(changed, EntryAction::kUpdate));
  EXPECT_THAT(Ids(LoadAfter(2)), ElementsAre("a"));
  EXPECT_EQ(LoadAfter(2).organizations[0].title, "Другая");
  EXPECT_THAT(Ids(LoadAfter(3)), IsEmpty());
}

TEST_P(EntryStoreTest, KeepsTheHistoryNewestFirst) {
  Organization organization = MakeOrganization("library");
  ASSERT_OK(Put(organization, EntryAction::kCreate));
  organization.state.version = 2;
  ASSERT_OK(Put(organization, EntryAction::kUpdate));
  const auto history = History("organizations/library");
  ASSERT_EQ(history.size(), 2u);
  EXPECT_EQ(history[0], (EntryChange{.version = 2,
                                     .time = kNow,
                                     .action = EntryAction::kUpdate,
                                     .editor = "staff/e",
                                     .fields = {"title", "hours"}}));
  EXPECT_EQ(history[1].action, EntryAction::kCreate);
  EXPECT_EQ(History("organizations/library", 2).size(), 1u);
  EXPECT_THAT(History("organizations/other"), IsEmpty());
}

TEST_P(EntryStoreTest, ImportsAddReplaceAndRestore) {
  Organization deleted = MakeOrganization("deleted");
  deleted.state.delete_time = kNow;
  ASSERT_OK(Put(deleted, EntryAction::kDelete));
  ASSERT_OK(Put(MakeOrganization("kept"), EntryAction::kCreate));
  std::vector<Organization> rows = {MakeOrganization("deleted", "Восстановлена"),
                                    MakeOrganization("new")};
  for (int i = 0; i < 300; ++i) rows.push_back(MakeOrganization(absl::StrCat("row", i)));
  const absl::Time later = kNow + absl::Hours(5);
  ASSERT_OK(Import(rows, later));
  EXPECT_EQ(Ids(LoadAfter(0)).size(), 303u);
  const auto restored = Get("deleted");
  EXPECT_EQ(restored->title, "Восстановлена");
  EXPECT_FALSE(restored->state.delete_time.has_value());
  EXPECT_EQ(restored->state.version, 2);
  EXPECT_EQ(restored->state.create_time, kNow);
  EXPECT_EQ(restored->state.confirm_time, later);
  EXPECT_EQ(Get("new")->state.create_time, later);
  EXPECT_EQ(History("organizations/new")[0].editor, "services/commands");
  EXPECT_THAT(History("organizations/deleted")[0].fields, ElementsAre("title"));
}

TEST_P(EntryStoreTest, ARepeatedImportChangesNothingUntilItConfirmsAgain) {
  ASSERT_OK(Import({MakeOrganization("a")}, kNow));
  const int64_t version = LoadCity().version;
  ASSERT_OK(Import({MakeOrganization("a")}, kNow + absl::Hours(24)));
  EXPECT_THAT(Ids(LoadAfter(version)), IsEmpty());
  ASSERT_OK(Import({MakeOrganization("a")}, kNow + absl::Hours(24 * 30)));
  EXPECT_EQ(Get("a")->state.confirm_time, kNow + absl::Hours(24 * 30));
}

TEST_P(EntryStoreTest, ImportsAllOrNothing) {
  EXPECT_THAT(database_->Write([&](sql::Transaction& transaction) -> absl::Status {
    const std::vector<Organization> rows = {MakeOrganization("a")};
    if (auto status = entries_.ApplyImport(transaction, rows, {"e", kNow}); !status.ok()) {
      return status;
    }
    return absl::CancelledError("no");
  }),
              StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(Ids(LoadAfter(0)), IsEmpty());
  EXPECT_EQ(LoadCity().version, 0);
}

TEST_P(EntryStoreTest, PurgesWhatWasDeletedLongAgo) {
  for (const auto& [id, hours] : {std::pair("old", 1), std::pair("young", 3)}) {
    Organization organization = MakeOrganization(id);
    organization.state.delete_time = kNow + absl::Hours(hours);
    ASSERT_OK(Put(organization, EntryAction::kDelete));
  }
  ASSERT_OK(Put(MakeOrganization("kept"), EntryAction::kCreate));
  EXPECT_EQ(Purge(kNow), 0);
  EXPECT_EQ(LoadCity().changes_from, 0);
  EXPECT_EQ(Purge(kNow + absl::Hours(2)), 1);
  EXPECT_THAT(Ids(LoadAfter(0)), ElementsAre("kept", "young"));
  EXPECT_THAT(History("organizations/old"), IsEmpty());
  EXPECT_EQ(LoadCity().changes_from, 1);
  EXPECT_EQ(Purge(kNow + absl::Hours(2)), 0);
}

TEST_P(EntryStoreTest, KeepsElectronicServicesApart) {
  const std::vector<EService> services = {{.id = "a",
                                           .title = "Запись",
                                           .category = "culture",
                                           .link = "https://example.org",
                                           .documents = {"Полис", "СНИЛС"}}};
  ASSERT_OK(database_->Write([&](sql::Transaction& transaction) {
    return entries_.ApplyImport(transaction, services, {"e", kNow});
  }));
  ASSERT_OK(Import({MakeOrganization("a")}, kNow));
  const ChangedEntries changed = LoadAfter(0);
  ASSERT_EQ(changed.e_services.size(), 1u);
  EXPECT_THAT(ChangedFields(changed.e_services[0], services[0]), IsEmpty());
  EXPECT_EQ(changed.organizations.size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(Engines, EntryStoreTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace veche::directory

#include "services/appeals/workers/maintenance.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "common/base/id.h"
#include "common/rpc/idempotency.h"
#include "common/sql/testing.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "services/appeals/storage/store.h"
#include "services/appeals/testing/test_appeals.h"

namespace veche::appeals {
namespace {

using testing::HasReason;

constexpr int64_t kPlenty = 1 << 30;

class MaintenanceTest : public ::testing::TestWithParam<sql::testing::TestEngine> {
 protected:
  void SetUp() override {
    database_ = GetParam().open();
    if (database_ == nullptr) GTEST_SKIP() << GetParam().name << " cannot be started here";
    ASSERT_OK(sql::Migrate(*database_,
                           {events::Migrations(), rpc::IdempotencyMigrations(), Migrations()}));
    folder_ = std::filesystem::path(::testing::TempDir()) /
              absl::StrCat("maintenance_", getpid(), "_", RandomToken(6));
    blobs_ = *blob::OpenFolder(folder_);
    log_ = std::make_unique<events::EventLog>("appeals", *database_, clock_, ids_);
    store_ = std::make_unique<Store>(*database_, *log_, absl::UTCTimeZone());
    maintenance_ =
        std::make_unique<Maintenance>(*store_, *blobs_, *log_, clock_, observe::NullTelemetry());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // A stored file; returns its key.
  std::string StoreFile(const std::string& content) {
    auto writer = *blobs_->Create(1000);
    EXPECT_OK(writer->Append(content));
    return writer->Commit()->key;
  }
  std::string Upload(const std::string& content) {
    Attachment attachment{.id = ids_.New(), .owner = "residents/ivan", .blob = StoreFile(content)};
    EXPECT_OK(store_->AddAttachment(attachment, clock_.Now(), kPlenty));
    return attachment.id;
  }

  std::filesystem::path folder_;
  testing::FakeClock clock_{absl::Now()};  // files have the machine's time
  UlidSource ids_{clock_};
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<blob::Store> blobs_;
  std::unique_ptr<events::EventLog> log_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Maintenance> maintenance_;
};

TEST_P(MaintenanceTest, DeletesUploadsThatNobodyAttachedWithTheirFiles) {
  const std::string unused = Upload("unused");
  const std::string used = Upload("used");
  const std::string shared_with_used = Upload("used");
  const std::string orphan = StoreFile("orphan");
  Appeal appeal = MakeAppeal(ids_, {.created = clock_.Now()});
  Record record = MakeSubmission(appeal);
  record.entries[0].attach = {used};
  record.entries[0].attach_owner = "residents/ivan";
  ASSERT_OK(CreateAppeal(*database_, *store_, appeal, record));
  ASSERT_OK(maintenance_->RunOnce());
  EXPECT_OK(store_->GetAttachment(unused));  // it may still be attached

  clock_.Advance(absl::Hours(25));
  const std::string young = Upload("young");
  ASSERT_OK(maintenance_->RunOnce());
  EXPECT_THAT(store_->GetAttachment(unused), HasReason("ATTACHMENT_NOT_FOUND"));
  EXPECT_THAT(store_->GetAttachment(shared_with_used), HasReason("ATTACHMENT_NOT_FOUND"));
  EXPECT_OK(store_->GetAttachment(young));
  auto kept = store_->GetAttachment(used);
  ASSERT_OK(kept);
  EXPECT_OK(blobs_->Open(kept->blob));
  EXPECT_THAT(blobs_->Open(orphan), HasReason("BLOB_NOT_FOUND"));
}

TEST_P(MaintenanceTest, DeletesUploadsInBatches) {
  for (int i = 0; i < 5; ++i) Upload(absl::StrCat("file ", i));
  const absl::Time later = clock_.Now() + absl::Hours(1);
  EXPECT_EQ(*store_->DeleteUnattached(clock_.Now() - absl::Hours(1), 3), 0);
  EXPECT_EQ(*store_->DeleteUnattached(later, 3), 3);
  EXPECT_EQ(*store_->DeleteUnattached(later, 3), 2);
}

TEST_P(MaintenanceTest, DeletesOldEvents) {
  const Appeal appeal = MakeAppeal(ids_, {.created = clock_.Now()});
  ASSERT_OK(CreateAppeal(*database_, *store_, appeal));
  clock_.Advance(absl::Hours(24 * 29));
  ASSERT_OK(maintenance_->RunOnce());
  EXPECT_EQ(log_->ReadAfter("", 10)->size(), 1u);
  clock_.Advance(absl::Hours(48));
  ASSERT_OK(maintenance_->RunOnce());
  EXPECT_EQ(log_->ReadAfter("", 10)->size(), 0u);
}

TEST_P(MaintenanceTest, ComputesMapCells) {
  for (int i = 0; i < 300; ++i) {
    const Appeal appeal = MakeAppeal(ids_, {.created = clock_.Now() + absl::Seconds(i)});
    ASSERT_OK(CreateAppeal(*database_, *store_, appeal));
  }
  ASSERT_OK(database_->Write([&](sql::Transaction& transaction) {
    return transaction.Execute("UPDATE appeals SET map_cell = NULL, map_cell_of = NULL").status();
  }));
  ASSERT_OK(maintenance_->RunOnce());
  EXPECT_EQ(*store_->ComputeMapCells(10), 0);
}

TEST_P(MaintenanceTest, StopsAtOnce) {
  maintenance_->Start();
  maintenance_->Stop();  // Stop does not wait for the next round
  maintenance_->Stop();
}

TEST_P(MaintenanceTest, ReadsTheRelationsOfManyAtOnce) {
  const Appeal appeal = MakeAppeal(ids_, {.created = clock_.Now()});
  ASSERT_OK(CreateAppeal(*database_, *store_, appeal));
  std::vector<std::string> residents;
  for (int i = 0; i < 300; ++i) residents.push_back(absl::StrCat("residents/r", i));
  ASSERT_OK(database_->Write([&](sql::Transaction& transaction) {
    return transaction
        .Execute(
            "INSERT INTO ties (appeal, resident, kind) VALUES ($1, $2, 1), ($1, $3, 1), "
            "($1, $4, 2), ($5, $4, 1)",
            TimeKey(appeal.id), residents[0], residents[299], residents[1], TimeKey(ids_.New()))
        .status();
  }));
  auto relations = store_->GetRelationsOf(appeal.id, residents);
  ASSERT_OK(relations);
  EXPECT_EQ(relations->size(), 3u);
  EXPECT_TRUE((*relations)[residents[299]].supports);
  EXPECT_TRUE((*relations)[residents[1]].follows);
  EXPECT_FALSE((*relations)[residents[1]].supports);
}

INSTANTIATE_TEST_SUITE_P(Engines, MaintenanceTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::appeals

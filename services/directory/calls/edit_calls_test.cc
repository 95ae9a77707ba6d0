#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/directory/testing/directory_fixture.h"
#include "services/directory/workers/purge.h"

namespace veche::directory {
namespace {

using testing::DirectoryFixture;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using veche::testing::HasReason;
using veche::testing::StatusIs;

class EditCallsTest : public ::testing::Test, protected DirectoryFixture {
 protected:
  void SetUp() override { ImportTown(); }

  std::vector<std::string> History(const std::string& name) {
    v1::ListOrganizationChangesRequest request;
    request.set_parent(name);
    request.set_page_size(2);
    std::vector<std::string> history;
    do {
      const auto page = handlers.organization_edits.ListOrganizationChanges(editor, request);
      EXPECT_OK(page);
      for (const v1::EntryChange& change : page->changes()) {
        history.push_back(absl::StrCat(v1::EntryChange::Action_Name(change.action()), " ",
                                       absl::StrJoin(change.fields(), ",")));
        EXPECT_EQ(change.editor(), "staff/editor");
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return history;
  }

  std::vector<std::string> ToReview(v1::ReviewOrganizationsRequest::Reason reason) {
    v1::ReviewOrganizationsRequest request;
    request.set_reason(reason);
    const auto page = handlers.organizations.ReviewOrganizations(editor, request);
    EXPECT_OK(page);
    std::vector<std::string> names;
    for (const v1::Organization& one : page->organizations()) names.push_back(one.name());
    return names;
  }
};

TEST_F(EditCallsTest, ReplacesTheFieldsThatTheRequestGives) {
  const auto created = Create(Library());
  ASSERT_OK(created);
  v1::Organization update;
  update.set_name(created->name());
  update.set_website("https://library.example.org");
  update.set_open_now(false);  // clients may send back what they have read
  const auto updated = Update(update);
  ASSERT_OK(updated);
  EXPECT_EQ(updated->website(), "https://library.example.org");
  EXPECT_EQ(updated->title(), created->title());
  EXPECT_EQ(updated->phones_size(), 1);
  EXPECT_TRUE(updated->open_now());
  EXPECT_EQ(Get(created->name())->website(), updated->website());
  EXPECT_THAT(History(created->name()),
              ElementsAre("UPDATE website", "CREATE title,category,phones,address,location,hours"));
}

TEST_F(EditCallsTest, AMaskAlsoClearsFields) {
  const auto created = Create(Library());
  ASSERT_OK(created);
  v1::Organization update;
  update.set_name(created->name());
  const auto updated = Update(update, {"phones", "hours"});
  ASSERT_OK(updated);
  EXPECT_EQ(updated->phones_size(), 0);
  EXPECT_FALSE(updated->has_hours());
  EXPECT_FALSE(updated->has_open_now());
  EXPECT_THAT(Update(update, {"title"}), HasReason("INVALID_FIELDS"));
  for (const char* path : {"etag", "name", "hours.periods", "colour"}) {
    EXPECT_THAT(std::string(Update(update, {path}).status().message()),
                HasSubstr("updateMask UPDATE_MASK"))
        << path;
  }
}

TEST_F(EditCallsTest, RefusesAChangeOfAnOldVersion) {
  const auto created = Create(Library());
  ASSERT_OK(created);
  v1::Organization update;
  update.set_name(created->name());
  update.set_title("Новое имя");
  const auto updated = Update(update, {}, created->etag());
  ASSERT_OK(updated);
  update.set_title("Другое имя");
  EXPECT_THAT(Update(update, {}, created->etag()), HasReason("ETAG_MISMATCH"));
  EXPECT_THAT(Delete(created->name(), created->etag()), HasReason("ETAG_MISMATCH"));
  EXPECT_EQ(Get(created->name())->title(), "Новое имя");
  clock.Advance(absl::Hours(12));  // closed now: the etag differs, the version does not
  EXPECT_OK(Update(update, {}, updated->etag()));
}

TEST_F(EditCallsTest, AnUpdateThatChangesNothingLeavesNoTrace) {
  const auto created = Create(Library());
  ASSERT_OK(created);
  v1::Organization same = *created;
  const auto updated = Update(same);
  ASSERT_OK(updated);
  EXPECT_EQ(updated->etag(), created->etag());
  EXPECT_THAT(History(created->name()), ::testing::SizeIs(1));
}

TEST_F(EditCallsTest, ChecksTheWholeOrganization) {
  v1::Organization wrong = Library();
  wrong.set_category("organizationCategories/none");
  wrong.set_website("javascript:alert(1)");
  wrong.add_made_up_fields("colour");
  const auto created = Create(wrong);
  EXPECT_THAT(created, StatusIs(absl::StatusCode::kInvalidArgument));
  for (const char* field : {"category NO_SUCH_ORGANIZATION_CATEGORY", "website WEB_LINK",
                            "madeUpFields[0] NOT_A_FIELD"}) {
    EXPECT_THAT(std::string(created.status().message()), HasSubstr(field));
  }
  EXPECT_THAT(Titles({}), IsEmpty());
}

TEST_F(EditCallsTest, RestoresADeletedOrganizationForThirtyDays) {
  const auto created = Create(Library());
  ASSERT_OK(created);
  const std::string name = created->name();
  EXPECT_THAT(Undelete(name), HasReason("NOT_DELETED"));
  const auto deleted = Delete(name);
  ASSERT_OK(deleted);
  EXPECT_TRUE(deleted->has_delete_time());
  EXPECT_THAT(Get(name), HasReason("ORGANIZATION_NOT_FOUND"));
  EXPECT_THAT(Delete(name), HasReason("ORGANIZATION_NOT_FOUND"));
  EXPECT_THAT(Titles({}), IsEmpty());
  EXPECT_THAT(ToReview(v1::ReviewOrganizationsRequest::DELETED), ElementsAre(name));
  clock.Advance(absl::Hours(24 * 29));
  EXPECT_OK(Undelete(name));
  EXPECT_OK(Get(name));
  EXPECT_THAT(ToReview(v1::ReviewOrganizationsRequest::DELETED), IsEmpty());
  EXPECT_THAT(History(name), ElementsAre("UNDELETE ", "DELETE ", ::testing::StartsWith("CREATE")));

  ASSERT_OK(Delete(name));
  clock.Advance(absl::Hours(24 * 30));
  EXPECT_THAT(Undelete(name), HasReason("ORGANIZATION_NOT_FOUND"));
  EXPECT_THAT(ToReview(v1::ReviewOrganizationsRequest::DELETED), IsEmpty());
}

TEST_F(EditCallsTest, PurgesWhatCannotBeRestored) {
  const auto kept = Create(Library());
  const auto purged = Create(Library());
  ASSERT_OK(purged);
  ASSERT_OK(Delete(purged->name()));
  clock.Advance(absl::Hours(24 * 29));
  ASSERT_OK(Delete(kept->name()));
  Purge purge(*database, entries, clock, observe::NullTelemetry());
  purge.Run();
  EXPECT_THAT(History(purged->name()), ::testing::SizeIs(2));
  clock.Advance(absl::Hours(24));
  purge.Run();
  EXPECT_THAT(History(purged->name()), IsEmpty());
  ASSERT_OK(snapshots.Refresh());
  EXPECT_EQ(snapshots.Get()->entries.organizations().entries.size(), 1u);
  EXPECT_OK(Undelete(kept->name()));
}

TEST_F(EditCallsTest, ListsWhatNobodyConfirmedForAYear) {
  const auto first = Create(Library());
  const auto second = Create(Library());
  ASSERT_OK(second);
  EXPECT_THAT(ToReview(v1::ReviewOrganizationsRequest::STALE), IsEmpty());
  clock.Advance(absl::Hours(24 * 366));
  EXPECT_THAT(ToReview(v1::ReviewOrganizationsRequest::STALE),
              ElementsAre(first->name(), second->name()));
  v1::ConfirmOrganizationRequest request;
  request.set_name(first->name());
  const auto confirmed = handlers.organization_edits.ConfirmOrganization(editor, request);
  ASSERT_OK(confirmed);
  EXPECT_EQ(confirmed->confirm_time().seconds(), absl::ToUnixSeconds(clock.Now()));
  EXPECT_THAT(ToReview(v1::ReviewOrganizationsRequest::STALE), ElementsAre(second->name()));
}

TEST_F(EditCallsTest, EditorsAtTheSameTimeLoseNoChange) {
  const auto created = Create(Library());
  ASSERT_OK(created);
  std::vector<std::thread> editors;
  std::atomic<int> done = 0;
  for (int i = 0; i < 8; ++i) {
    editors.emplace_back([&, i] {
      v1::Organization update;
      update.set_name(created->name());
      update.set_title(absl::StrCat("Имя ", i));
      const auto updated = Update(update, {}, created->etag());
      if (updated.ok()) {
        ++done;
      } else {
        EXPECT_THAT(updated, HasReason("ETAG_MISMATCH"));
      }
    });
  }
  for (std::thread& thread : editors) thread.join();
  EXPECT_EQ(done, 1);
  EXPECT_THAT(History(created->name()), ::testing::SizeIs(2));
}

TEST_F(EditCallsTest, EditsElectronicServices) {
  v1::CreateEServiceRequest create;
  v1::EService& wanted = *create.mutable_e_service();
  wanted.set_title("Запись к врачу");
  wanted.set_category("organizationCategories/culture");
  wanted.set_link("https://uslugi.example.org/doctor");
  wanted.set_deep_link("gosuslugi://600368");
  wanted.add_documents("Полис");
  wanted.set_audience("Все");
  const auto created = handlers.e_services.CreateEService(editor, create);
  ASSERT_OK(created);
  EXPECT_EQ(created->share_text(), "Запись к врачу\nhttps://uslugi.example.org/doctor");

  v1::UpdateEServiceRequest update;
  update.mutable_e_service()->set_name(created->name());
  update.mutable_e_service()->set_description("Время приёма");
  update.set_etag(created->etag());
  ASSERT_OK(handlers.e_services.UpdateEService(editor, update));
  EXPECT_THAT(handlers.e_services.UpdateEService(editor, update), HasReason("ETAG_MISMATCH"));

  v1::ListEServicesRequest list;
  for (const auto& [q, count] : {std::pair("врачь", 1), std::pair("паспорт", 0)}) {
    list.set_q(q);
    EXPECT_EQ(handlers.e_services.ListEServices(editor, list)->e_services_size(), count) << q;
  }
  list.clear_q();
  list.set_category("organizationCategories/taps");
  EXPECT_EQ(handlers.e_services.ListEServices(editor, list)->e_services_size(), 0);

  v1::DeleteEServiceRequest remove;
  remove.set_name(created->name());
  ASSERT_OK(handlers.e_services.DeleteEService(editor, remove));
  v1::GetEServiceRequest get;
  get.set_name(created->name());
  EXPECT_THAT(handlers.e_services.GetEService(editor, get), HasReason("E_SERVICE_NOT_FOUND"));
  v1::UndeleteEServiceRequest restore;
  restore.set_name(created->name());
  ASSERT_OK(handlers.e_services.UndeleteEService(editor, restore));
  EXPECT_EQ(handlers.e_services.GetEService(editor, get)->description(), "Время приёма");
  v1::ListEServiceChangesRequest history;
  history.set_parent(created->name());
  EXPECT_EQ(handlers.e_services.ListEServiceChanges(editor, history)->changes_size(), 4);

  wanted.set_deep_link("javascript:alert(1)");
  wanted.set_organization("organizations/none");
  wanted.clear_link();
  const std::string message(handlers.e_services.CreateEService(editor, create).status().message());
  for (const char* field :
       {"link REQUIRED", "deepLink APP_LINK", "organization NO_SUCH_ORGANIZATION"}) {
    EXPECT_THAT(message, HasSubstr(field));
  }
}

}  // namespace
}  // namespace veche::directory

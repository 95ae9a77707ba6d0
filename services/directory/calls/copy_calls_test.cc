#include "services/directory/calls/copy_calls.h"

#include <gtest/gtest.h>

#include <map>

#include "services/directory/testing/directory_fixture.h"
#include "services/directory/workers/purge.h"

namespace veche::directory {
namespace {

using testing::DirectoryFixture;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using veche::testing::HasReason;

class CopyCallsTest : public ::testing::Test, protected DirectoryFixture {
 protected:
  void SetUp() override { ImportTown(); }

  absl::StatusOr<v1::DirectorySnapshot> Snapshot(const std::string& page_token = "") {
    v1::GetDirectorySnapshotRequest request;
    request.set_page_token(page_token);
    return handlers.copies.GetDirectorySnapshot(editor, request);
  }
  absl::StatusOr<v1::ListDirectoryChangesResponse> Changes(const std::string& since,
                                                           const std::string& page_token = "") {
    v1::ListDirectoryChangesRequest request;
    request.set_since(since);
    request.set_page_size(2);
    request.set_page_token(page_token);
    return handlers.copies.ListDirectoryChanges(editor, request);
  }

  // A phone's copy of the organizations: titles by name.
  struct Phone {
    std::string cursor;
    std::map<std::string, std::string> titles;
  };
  Phone Load() {
    Phone phone;
    std::string token;
    do {
      const auto page = Snapshot(token);
      EXPECT_OK(page);
      if (token.empty()) phone.cursor = page->cursor();
      for (const auto& one : page->organizations()) phone.titles[one.name()] = one.title();
      token = page->next_page_token();
    } while (!token.empty());
    return phone;
  }
  void Follow(Phone& phone) {
    std::string token;
    do {
      const auto page = Changes(phone.cursor, token);
      ASSERT_OK(page);
      for (const auto& one : page->organizations()) phone.titles[one.name()] = one.title();
      for (const auto& name : page->deleted()) phone.titles.erase(name);
      token = page->next_page_token();
      if (token.empty()) phone.cursor = page->cursor();
    } while (!token.empty());
  }
};

TEST_F(CopyCallsTest, HasTheWholeDirectory) {
  ASSERT_OK(Create(Library()));
  const auto snapshot = Snapshot();
  ASSERT_OK(snapshot);
  EXPECT_EQ(snapshot->districts_size(), 2);
  EXPECT_FALSE(snapshot->districts(0).has_boundary());
  EXPECT_EQ(snapshot->departments_size(), 1);
  EXPECT_EQ(snapshot->organization_categories_size(), 2);
  ASSERT_EQ(snapshot->organizations_size(), 1);
  EXPECT_TRUE(snapshot->organizations(0).has_hours());
  EXPECT_FALSE(snapshot->organizations(0).has_open_now());
  EXPECT_EQ(snapshot->next_page_token(), "");
  clock.Advance(absl::Hours(12));
  EXPECT_EQ(Snapshot()->etag(), snapshot->etag()) << "the time alone changes nothing";
  ASSERT_OK(Create(Library()));
  EXPECT_NE(Snapshot()->etag(), snapshot->etag());
  EXPECT_THAT(Snapshot("somewhere"), HasReason("INVALID_FIELDS"));
}

TEST_F(CopyCallsTest, ALargeDirectoryComesInPages) {
  v1::ImportDirectoryRequest request;
  for (int i = 0; i < 400; ++i) {
    v1::Organization& organization = *request.add_organizations();
    organization = Library();
    organization.set_name(absl::StrCat("organizations/a", i));
    organization.set_description(std::string(7'000, 'x'));
  }
  ASSERT_OK(handlers.directory.ImportDirectory(editor, request));
  EXPECT_NE(Snapshot()->next_page_token(), "");
  EXPECT_EQ(Load().titles.size(), 400u);
}

TEST_F(CopyCallsTest, AFollowedCopyEqualsANewOne) {
  const auto changed = Create(Library());
  const auto deleted = Create(Library());
  Phone phone = Load();
  EXPECT_EQ(phone.titles.size(), 2u);
  v1::Organization update;
  update.set_name(changed->name());
  update.set_title("Новое имя");
  ASSERT_OK(Update(update));
  ASSERT_OK(Delete(deleted->name()));
  for (int i = 0; i < 5; ++i) ASSERT_OK(Create(Library()));
  Follow(phone);
  EXPECT_EQ(phone.titles, Load().titles);
  EXPECT_EQ(phone.titles.size(), 6u);

  const auto nothing = Changes(phone.cursor);
  ASSERT_OK(nothing);
  EXPECT_THAT(nothing->organizations(), IsEmpty());
  EXPECT_THAT(nothing->deleted(), IsEmpty());
  EXPECT_FALSE(nothing->reference_changed());
  EXPECT_EQ(nothing->cursor(), phone.cursor);
}

TEST_F(CopyCallsTest, TellsOfNewReferenceData) {
  const Phone phone = Load();
  ASSERT_OK(Create(Library()));
  EXPECT_FALSE(Changes(phone.cursor)->reference_changed());
  v1::Organization office = Library();
  office.set_department("departments/roads");
  ASSERT_OK(Create(office));
  EXPECT_TRUE(Changes(phone.cursor)->reference_changed()) << "a department got contacts";
  const Phone later = Load();
  ImportTown();
  EXPECT_TRUE(Changes(later.cursor)->reference_changed());
}

TEST_F(CopyCallsTest, SendsACopyThatIsTooOldToTheSnapshot) {
  const auto deleted = Create(Library());
  const Phone old = Load();
  ASSERT_OK(Delete(deleted->name()));
  const Phone current = Load();
  clock.Advance(kRestorable);
  Purge(*database, entries, clock, observe::NullTelemetry()).Run();
  ASSERT_OK(snapshots.Refresh());
  EXPECT_THAT(Changes(old.cursor), HasReason("CURSOR_TOO_OLD"));
  EXPECT_OK(Changes(current.cursor));
  for (const char* cursor : {"", "x", "-1"}) {
    EXPECT_THAT(Changes(cursor), HasReason("INVALID_FIELDS")) << cursor;
  }
  EXPECT_EQ(Changes("999999")->cursor(), "999999") << "another replica may be ahead";
}

}  // namespace
}  // namespace veche::directory

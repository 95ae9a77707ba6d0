#include "services/directory/commands/demo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "services/directory/testing/directory_fixture.h"

namespace veche::directory {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Every folder of demo/.
class DemoCityTest : public ::testing::TestWithParam<absl::string_view>,
                     protected testing::DirectoryFixture {
 protected:
  v1::ImportDirectoryRequest Read(absl::string_view language) {
    auto request = ReadDemoCity(DemoFiles::Find(GetParam()).value(), language);
    EXPECT_OK(request);
    return request.ok() ? *std::move(request) : v1::ImportDirectoryRequest();
  }
};

TEST_P(DemoCityTest, PassesTheChecksOfAnImport) {
  const auto imported = handlers.directory.ImportDirectory(
      rpc::testing::MakeCall(rpc::testing::Admin("a")), Read("ru"));
  ASSERT_OK(imported);
  EXPECT_GE(imported->districts(), 4);
  EXPECT_GE(imported->departments(), 8);
  EXPECT_GE(imported->categories(), 30);
  EXPECT_GE(imported->organizations(), 40);
  EXPECT_GE(imported->e_services(), 10);
}

TEST_P(DemoCityTest, HasAllTitlesAndAttributions) {
  const v1::ImportDirectoryRequest city = Read("ru");
  for (const v1::District& district : city.districts()) {
    EXPECT_FALSE(district.attribution().empty()) << district.name();
    EXPECT_THAT(district.name(), Not(HasSubstr(std::string(GetParam())))) << district.name();
    EXPECT_GE(district.titles_size(), 3) << district.name();
  }
  for (const v1::Category& category : city.categories()) {
    EXPECT_FALSE(category.title().empty()) << category.name();
    EXPECT_FALSE(category.group_title().empty()) << category.name();
    EXPECT_FALSE(category.legal_profile().empty()) << category.name();
  }
  std::set<std::string> departments;
  for (const v1::Department& department : city.departments()) {
    EXPECT_FALSE(department.kind().empty()) << department.name();
    departments.insert(department.name());
  }
  // Residents find whom to call.
  for (const v1::Organization& organization : city.organizations()) {
    if (!organization.phones().empty()) departments.erase(organization.department());
  }
  EXPECT_THAT(departments, ::testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(All, DemoCityTest, ::testing::ValuesIn(DemoFiles::Cities()),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace veche::directory

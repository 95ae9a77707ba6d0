#include "common/demo/demo_files.h"

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace veche {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(DemoFilesTest, FindsTheFilesOfEachCity) {
  EXPECT_THAT(DemoFiles::Cities(), Contains("kazan"));
  for (const absl::string_view city : DemoFiles::Cities()) {
    const auto files = DemoFiles::Find(city);
    ASSERT_OK(files);
    EXPECT_THAT(std::string(files->Get("city.json")), HasSubstr("timeZone")) << city;
    EXPECT_THAT(files->Get("README.md"), IsEmpty());
  }
}

TEST(DemoFilesTest, AnUnknownCityNamesTheOthers) {
  const auto files = DemoFiles::Find("atlantis");
  EXPECT_EQ(files.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(files.status().message()), HasSubstr("there are: kazan"));
}

TEST(DemoFilesTest, ReadsTables) {
  const auto files = DemoFiles::Find("kazan");
  ASSERT_OK(files);
  const auto staff = files->Rows("staff.tsv", {"login", "role", "display_name"});
  ASSERT_OK(staff);
  EXPECT_EQ(staff->front()[1], "ADMIN");
  const auto missing = files->Rows("missing.tsv", {"id"});
  ASSERT_OK(missing);
  EXPECT_THAT(*missing, IsEmpty());
}

TEST(DemoFilesTest, SaysWhichColumnsATableShallHave) {
  const auto files = DemoFiles::Find("kazan");
  ASSERT_OK(files);
  const auto staff = files->Rows("staff.tsv", {"login", "role"});
  EXPECT_THAT(std::string(staff.status().message()),
              HasSubstr("demo/kazan/staff.tsv, line 1: expected the columns login, role."));
}

}  // namespace
}  // namespace veche

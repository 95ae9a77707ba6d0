#include "services/directory/calls/file_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/directory/testing/directory_fixture.h"

namespace veche::directory {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using veche::testing::HasReason;

// The answer names the field as wrong.
MATCHER_P(Names, field, "") {
  const std::string message(veche::testing::AsStatus(arg).message());
  *result_listener << message;
  return absl::StrContains(message, absl::StrCat(field, " "));
}

class FileCallsTest : public ::testing::Test {
 protected:
  FileCallsTest() { town_.ImportTown(); }

  google::api::HttpBody Piece(const std::string& type, const std::string& data) {
    google::api::HttpBody piece;
    piece.set_content_type(type);
    piece.set_data(data);
    return piece;
  }
  absl::StatusOr<v1::ImportOrganizationsResponse> Import(const std::string& data,
                                                         const std::string& type = "text/csv") {
    auto sink = town_.handlers.files.ImportOrganizations(town_.editor);
    EXPECT_OK(sink);
    // In two pieces, of which the first alone has the type.
    const size_t half = data.size() / 2;
    EXPECT_OK((*sink)->Append(Piece(type, data.substr(0, half))));
    EXPECT_OK((*sink)->Append(Piece("", data.substr(half))));
    return (*sink)->Finish();
  }
  absl::StatusOr<v1::CheckOrganizationsResponse> Check(const std::string& data) {
    auto sink = town_.handlers.files.CheckOrganizations(town_.editor);
    EXPECT_OK((*sink)->Append(Piece("text/csv; charset=utf-8", data)));
    return (*sink)->Finish();
  }
  std::string Export(v1::ExportOrganizationsRequest::Format format) {
    v1::ExportOrganizationsRequest request;
    request.set_format(format);
    auto producer = town_.handlers.files.ExportOrganizations(town_.editor, request);
    EXPECT_OK(producer);
    std::string file;
    google::api::HttpBody piece;
    while ((*producer)->Next(piece).value_or(false)) file += piece.data();
    return file;
  }
  std::vector<std::string> Titles() { return town_.Titles({}); }

  testing::DirectoryFixture town_;
};

constexpr char kTwo[] =
    "id,title,category,latitude,longitude,hours\r\n"
    "lib,Библиотека,culture,55.5,49.5,Mo-Fr 09:00-18:00\r\n"
    "tap,Колонка,taps,55.6,50.5,24/7\r\n";

TEST_F(FileCallsTest, AnImportAddsAndReplaces) {
  const auto first = Import(kTwo);
  ASSERT_OK(first);
  EXPECT_EQ(first->created(), 2);
  EXPECT_EQ(first->replaced(), 0);
  EXPECT_THAT(Titles(), UnorderedElementsAre("Библиотека", "Колонка"));
  const auto again = Import("id,title,category\nlib,Читальня,culture\n");
  ASSERT_OK(again);
  EXPECT_EQ(again->replaced(), 1);
  EXPECT_THAT(Titles(), UnorderedElementsAre("Читальня", "Колонка"));
}

TEST_F(FileCallsTest, ABadRowLeavesEverythingAsItWas) {
  const std::string csv = std::string(kTwo) + "x,,parks,,,\r\ntap,Ещё одна,taps,,,later\r\n";
  const auto imported = Import(csv);
  EXPECT_THAT(imported, Names("lines[4].title"));
  EXPECT_THAT(imported, Names("lines[4].category"));
  EXPECT_THAT(imported, Names("lines[5].hours"));
  EXPECT_THAT(imported, Names("lines[5].id"));
  EXPECT_THAT(Titles(), IsEmpty());
}

TEST_F(FileCallsTest, ACheckChangesNothing) {
  const auto checked = Check(kTwo);
  ASSERT_OK(checked);
  EXPECT_EQ(checked->created(), 2);
  EXPECT_THAT(Titles(), IsEmpty());
  EXPECT_THAT(Check("title\nA\n"), Names("lines[1].category"));
}

TEST_F(FileCallsTest, AnExportCanBeImported) {
  ASSERT_OK(Import(kTwo));
  const std::string csv = Export(v1::ExportOrganizationsRequest::CSV);
  const std::string json = Export(v1::ExportOrganizationsRequest::GEOJSON);
  const auto from_csv = Import(csv);
  ASSERT_OK(from_csv);
  EXPECT_EQ(from_csv->replaced(), 2);
  const auto from_json = Import(json, "application/geo+json");
  ASSERT_OK(from_json);
  EXPECT_EQ(from_json->replaced(), 2);
  EXPECT_EQ(Export(v1::ExportOrganizationsRequest::CSV), csv);
}

TEST_F(FileCallsTest, ManyFaultsAreNamedUpToALimit) {
  std::string csv = "title,category\n";
  for (int i = 0; i < 2000; ++i) csv += "A,nothing\n";
  EXPECT_THAT(Import(csv), Names("file"));
}

TEST_F(FileCallsTest, OtherFilesAreRefused) {
  EXPECT_THAT(Import(kTwo, "application/pdf"), Names("Content-Type"));
  auto sink = town_.handlers.files.ImportOrganizations(town_.editor);
  const std::string megabyte(1 << 20, 'a');
  absl::Status status;
  for (int i = 0; i < 50 && status.ok(); ++i) status = (*sink)->Append(Piece("text/csv", megabyte));
  EXPECT_THAT(status, HasReason("FILE_TOO_LARGE"));
}

}  // namespace
}  // namespace veche::directory

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "common/rpc/dispatcher.h"
#include "common/rpc/idempotency.h"
#include "common/rpc/status.h"
#include "common/rpc/testing.h"
#include "common/testing/status_matchers.h"
#include "services/directory/calls/binding.h"
#include "services/directory/commands/commands.h"
#include "services/directory/commands/demo.h"
#include "services/directory/testing/directory_fixture.h"
#include "services/directory/texts.h"
#include "veche/directory/v1/directory.grpc.pb.h"
#include "veche/directory/v1/organizations.grpc.pb.h"

namespace veche::directory {
namespace {

using testing::DirectoryFixture;
using ::testing::HasSubstr;
using veche::testing::HasReason;
using veche::testing::StatusIs;

// The service behind a real gRPC server.
class ServiceTest : public ::testing::Test, protected DirectoryFixture {
 protected:
  void SetUp() override {
    auto dispatcher = rpc::Dispatcher::Create(
        {.service = "directory", .callers = rpc::testing::SuiteCallers(), .texts = TextFiles()},
        Bind(handlers), rpc::testing::TestServer::verifier(), &idempotency_, server_clock_,
        observe::NullTelemetry());
    ASSERT_OK(dispatcher);
    dispatcher_ = *std::move(dispatcher);
    server_ = std::make_unique<rpc::testing::TestServer>(dispatcher_->services());
    stub_ = v1::Directory::NewStub(server_->channel());
  }

  void TearDown() override {
    dispatcher_->Shutdown();
    server_.reset();
  }

  // Writes a file and imports it; returns the exit code.
  int Import(const std::string& kind, const std::string& content) {
    std::filesystem::path path = std::filesystem::path(::testing::TempDir()) /
                                 ("directory_" + std::to_string(getpid()) + "_" + kind);
    std::ofstream(path) << content;
    out_.str("");
    err_.str("");
    int code = RunDirectoryImport({kind, "--file", path.string()}, server_->channel(), out_, err_);
    std::filesystem::remove(path);
    return code;
  }

  SystemClock server_clock_;
  rpc::Idempotency idempotency_{*database, server_clock_};
  std::unique_ptr<rpc::Dispatcher> dispatcher_;
  std::unique_ptr<rpc::testing::TestServer> server_;
  std::unique_ptr<v1::Directory::Stub> stub_;
  std::ostringstream out_, err_;
};

TEST_F(ServiceTest, RefusesTheDemoOfAnotherCity) {
  const auto town = DemoFiles::Find("konstantinovka");
  ASSERT_OK(town);
  ASSERT_OK(LoadDemoCity(server_->channel(), testing::Kazan(), "ru"));
  const absl::Status refused = LoadDemoCity(server_->channel(), *town, "uk");
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(refused.message().find("Start with an empty --data_dir"), std::string::npos) << refused;
  const auto context = server_->ContextFor({});
  v1::ListDistrictsResponse districts;
  ASSERT_OK(rpc::FromGrpc(stub_->ListDistricts(context.get(), {}, &districts)));
  EXPECT_EQ(districts.districts_size(), 7);
}

TEST_F(ServiceTest, AnswersEveryoneAndHasTheDemoCity) {
  ASSERT_OK(LoadDemoCity(server_->channel(), testing::Kazan(), "ru"));
  ASSERT_OK(LoadDemoCity(server_->channel(), testing::Kazan(), "ru"));
  auto context = server_->ContextFor({});
  v1::ListDistrictsResponse districts;
  ASSERT_OK(rpc::FromGrpc(stub_->ListDistricts(context.get(), {}, &districts)));
  EXPECT_EQ(districts.districts_size(), 7);
  v1::ListDepartmentsResponse departments;
  context = server_->ContextFor({});
  ASSERT_OK(rpc::FromGrpc(stub_->ListDepartments(context.get(), {}, &departments)));
  EXPECT_GT(departments.departments_size(), 0);
  v1::ListCategoriesResponse categories;
  context = server_->ContextFor({});
  ASSERT_OK(rpc::FromGrpc(stub_->ListCategories(context.get(), {}, &categories)));
  EXPECT_GT(categories.categories_size(), 0);

  v1::LocateDistrictRequest kremlin;
  kremlin.set_latitude(55.7989);
  kremlin.set_longitude(49.1062);
  v1::District district;
  context = server_->ContextFor({});
  ASSERT_OK(rpc::FromGrpc(stub_->LocateDistrict(context.get(), kremlin, &district)));
  EXPECT_EQ(district.name(), "districts/vakhitovsky");
}

TEST_F(ServiceTest, NeedsBothCoordinates) {
  v1::LocateDistrictRequest request;
  request.set_latitude(0);
  v1::District district;
  auto context = server_->ContextFor({});
  absl::Status status = rpc::FromGrpc(stub_->LocateDistrict(context.get(), request, &district));
  EXPECT_THAT(status, HasReason("INVALID_FIELDS"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("longitude"));
}

TEST_F(ServiceTest, CarriesItsErrorsToTheClient) {
  v1::GetDistrictRequest request;
  request.set_name("districts/nowhere");
  v1::District district;
  auto context = server_->ContextFor({});
  absl::Status status = rpc::FromGrpc(stub_->GetDistrict(context.get(), request, &district));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(status, HasReason("DISTRICT_NOT_FOUND"));
  EXPECT_EQ(status.message(), "There is no such district.");
  EXPECT_EQ(LocalizedMessage(status), "Такого района нет.");
}

TEST_F(ServiceTest, LetsOnlyAdministratorsAndCommandsImport) {
  struct Case {
    auth::Principal principal;
    absl::StatusCode code;
  };
  for (const Case& c :
       {Case{{}, absl::StatusCode::kUnauthenticated},
        Case{rpc::testing::Resident("r"), absl::StatusCode::kPermissionDenied},
        Case{rpc::testing::Officer("o", "departments/roads"), absl::StatusCode::kPermissionDenied},
        Case{rpc::testing::Admin("a"), absl::StatusCode::kOk},
        Case{rpc::testing::Service("appeals"), absl::StatusCode::kPermissionDenied},
        Case{rpc::testing::Service("commands"), absl::StatusCode::kOk}}) {
    auto context = server_->ContextFor(c.principal);
    v1::ImportDirectoryResponse response;
    EXPECT_THAT(rpc::FromGrpc(stub_->ImportDirectory(context.get(), {}, &response)),
                StatusIs(c.code))
        << c.principal.name;
  }
}

TEST_F(ServiceTest, ImportsFilesOfAnOperator) {
  EXPECT_EQ(Import("departments", "id\ttitle\tkind\nroads\tДороги\troads\n"), 0) << err_.str();
  EXPECT_EQ(out_.str(), "Loaded 1 departments.\n");
  const std::string header = "id\ttitle\tgroup\tgroup_title\tdepartment\tresponse_hours\n";
  EXPECT_EQ(Import("categories", header + "pits\tЯмы\troads\tДороги\troads\t120\n"), 0)
      << err_.str();
  EXPECT_EQ(Import("categories", header + "a\tА\tg\tГ\troads\t1\n\nb\tБ\tg\tГ\tnobody\t0\n"), 1);
  EXPECT_THAT(err_.str(), HasSubstr("line 4: categories[1].department: must be a department"));
  EXPECT_THAT(err_.str(), HasSubstr("line 4: categories[1].responseHours"));
  EXPECT_EQ(handlers.directory.ListCategories(rpc::testing::MakeCall(), {})->categories_size(), 1);
}

TEST_F(ServiceTest, SaysWhatIsWrongWithACommand) {
  EXPECT_EQ(Import("categories", "nothing"), 1);
  EXPECT_THAT(err_.str(), HasSubstr("no column id"));
  for (const std::vector<std::string>& args : {std::vector<std::string>{},
                                               {"districts"},
                                               {"streets", "--file", "f"},
                                               {"districts", "--file"},
                                               {"districts", "--file", "f", "--colour", "red"}}) {
    err_.str("");
    EXPECT_EQ(RunDirectoryImport(args, server_->channel(), out_, err_), 2);
    EXPECT_THAT(err_.str(), HasSubstr("Usage"));
  }
  err_.str("");
  EXPECT_EQ(
      RunDirectoryImport({"districts", "--file=/no/such/file"}, server_->channel(), out_, err_), 1);
  EXPECT_THAT(err_.str(), HasSubstr("cannot be read"));
}

TEST_F(ServiceTest, LetsOnlyEditorsChangeOrganizations) {
  ImportTown();
  auto organizations = v1::Organizations::NewStub(server_->channel());
  v1::CreateOrganizationRequest request;
  *request.mutable_organization() = Library();
  struct Case {
    auth::Principal principal;
    absl::StatusCode code;
  };
  for (const Case& c :
       {Case{{}, absl::StatusCode::kUnauthenticated},
        Case{rpc::testing::Resident("r"), absl::StatusCode::kPermissionDenied},
        Case{rpc::testing::Officer("o", "departments/roads"), absl::StatusCode::kPermissionDenied},
        Case{testing::Editor(), absl::StatusCode::kOk}}) {
    auto context = server_->ContextFor(c.principal);
    v1::Organization organization;
    EXPECT_THAT(
        rpc::FromGrpc(organizations->CreateOrganization(context.get(), request, &organization)),
        StatusIs(c.code))
        << c.principal.name;
  }
  auto context = server_->ContextFor({});
  v1::ListOrganizationsResponse list;
  ASSERT_OK(rpc::FromGrpc(organizations->ListOrganizations(context.get(), {}, &list)));
  EXPECT_EQ(list.organizations_size(), 1);
}

TEST_F(ServiceTest, NamesEveryWrongFieldOfAnOrganization) {
  ImportTown();
  auto organizations = v1::Organizations::NewStub(server_->channel());
  v1::CreateOrganizationRequest request;
  v1::Organization& wrong = *request.mutable_organization();
  wrong.add_phones()->set_number("call me");
  wrong.add_districts("districts/nowhere");
  auto& period = *wrong.mutable_hours()->add_periods();
  period.add_days(v1::MONDAY);
  period.set_open("9");
  auto context = server_->ContextFor(testing::Editor());
  v1::Organization created;
  const absl::Status status =
      rpc::FromGrpc(organizations->CreateOrganization(context.get(), request, &created));
  EXPECT_THAT(status, HasReason("INVALID_FIELDS"));
  for (const char* field :
       {"title", "category", "phones[0].number", "districts[0]", "hours.periods[0]"}) {
    EXPECT_THAT(std::string(status.message()), HasSubstr(field));
  }
}

}  // namespace
}  // namespace veche::directory

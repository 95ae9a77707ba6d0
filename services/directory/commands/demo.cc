#include "services/directory/commands/demo.h"

#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/auth/access.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"
#include "services/directory/commands/import_files.h"
#include "services/directory/commands/table.h"
#include "services/directory/exchange/organization_csv.h"
#include "services/directory/wire/organization_wire.h"
#include "veche/directory/v1/directory.grpc.pb.h"

namespace veche::directory {

namespace {

constexpr absl::Duration kTimeout = absl::Minutes(1);

// A part of the city; empty if the city has no such file.
template <typename Read>
absl::Status Add(const DemoFiles& files, absl::string_view name, absl::string_view language,
                 Read read, v1::ImportDirectoryRequest& request) {
  const absl::string_view content = files.Get(name);
  if (content.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const ImportFile file, read(content, language));
  request.MergeFrom(file.request);
  return absl::OkStatus();
}

absl::Status AddOrganizations(const DemoFiles& files, v1::ImportDirectoryRequest& request) {
  const absl::string_view csv = files.Get("organizations.csv");
  if (csv.empty()) return absl::OkStatus();
  Violations violations;
  for (const Organization& organization : ReadOrganizationsCsv(csv, violations).organizations) {
    *request.add_organizations() = ToWire(organization);
  }
  return violations.ToStatus();
}

absl::Status AddEServices(const DemoFiles& files, absl::string_view language,
                          v1::ImportDirectoryRequest& request) {
  const absl::string_view tsv = files.Get("e_services.tsv");
  if (tsv.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Table services, Table::Parse(tsv));
  for (size_t row = 0; row < services.size(); ++row) {
    const auto text = [&](absl::string_view column, absl::string_view of) {
      return std::string(services.Get(row, absl::StrCat(column, "_", of)));
    };
    v1::EService& service = *request.add_e_services();
    service.set_name(absl::StrCat("eServices/", services.Get(row, "id")));
    service.set_title(text("title", language));
    service.set_description(text("description", language));
    for (const std::string& other : services.title_languages()) {
      (*service.mutable_titles())[other] = text("title", other);
      const std::string description = text("description", other);
      if (!description.empty()) (*service.mutable_descriptions())[other] = description;
    }
    service.set_category(absl::StrCat("organizationCategories/", services.Get(row, "category")));
    service.set_audience(std::string(services.Get(row, "audience")));
    service.set_link(std::string(services.Get(row, "link")));
    for (absl::string_view document :
         absl::StrSplit(services.Get(row, "documents"), ';', absl::SkipEmpty())) {
      service.add_documents(std::string(document));
    }
  }
  return absl::OkStatus();
}

// Refuses to mix two cities in one directory.
absl::Status CheckIsSameCity(v1::Directory::Stub& directory, const DemoFiles& files,
                             const v1::ImportDirectoryRequest& request) {
  const auto context = rpc::NewBackgroundContext(auth::kCommands, kTimeout);
  v1::ListDistrictsResponse known;
  RETURN_IF_ERROR(rpc::FromGrpc(directory.ListDistricts(context.get(), {}, &known)));
  const auto is_of_demo = [&request](const v1::District& district) {
    return absl::c_any_of(request.districts(), [&district](const v1::District& wanted) {
      return wanted.name() == district.name();
    });
  };
  if (known.districts().empty() || absl::c_any_of(known.districts(), is_of_demo)) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      absl::StrCat("The data folder has another city than the demo city ", files.city(),
                   ", beginning with the district ", known.districts(0).title(),
                   ". Start with an empty --data_dir, or with the demo that this folder has."));
}

}  // namespace

absl::StatusOr<v1::ImportDirectoryRequest> ReadDemoCity(const DemoFiles& files,
                                                        absl::string_view language) {
  v1::ImportDirectoryRequest request;
  RETURN_IF_ERROR(Add(files, "districts.geojson", language, ReadDistricts, request));
  RETURN_IF_ERROR(Add(files, "departments.tsv", language, ReadDepartments, request));
  RETURN_IF_ERROR(Add(files, "categories.tsv", language, ReadCategories, request));
  RETURN_IF_ERROR(
      Add(files, "organization_categories.tsv", language, ReadOrganizationCategories, request));
  RETURN_IF_ERROR(AddOrganizations(files, request));
  RETURN_IF_ERROR(AddEServices(files, language, request));
  return request;
}

absl::Status LoadDemoCity(std::shared_ptr<grpc::Channel> channel, const DemoFiles& files,
                          absl::string_view language) {
  ASSIGN_OR_RETURN(const v1::ImportDirectoryRequest request, ReadDemoCity(files, language));
  const auto directory = v1::Directory::NewStub(channel);
  RETURN_IF_ERROR(CheckIsSameCity(*directory, files, request));
  const auto context = rpc::NewBackgroundContext(auth::kCommands, kTimeout);
  v1::ImportDirectoryResponse response;
  return rpc::FromGrpc(directory->ImportDirectory(context.get(), request, &response));
}

}  // namespace veche::directory

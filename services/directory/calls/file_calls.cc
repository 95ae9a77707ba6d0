#include "services/directory/calls/file_calls.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/text/file_encoding.h"
#include "services/directory/domain/errors.h"
#include "services/directory/exchange/organization_csv.h"
#include "services/directory/exchange/organization_geojson.h"

namespace veche::directory {
namespace {

constexpr size_t kMostFileBytes = 32 << 20;
constexpr size_t kMostFaults = 500;
constexpr size_t kPiece = 64 << 10;
constexpr char kCsvType[] = "text/csv";
constexpr char kGeoJsonType[] = "application/geo+json";

// The bytes of an upload and its type.
class UploadedFile {
 public:
  absl::Status Append(const google::api::HttpBody& piece) {
    if (type_.empty()) {
      const absl::string_view type = piece.content_type();
      type_ = absl::AsciiStrToLower(absl::StripAsciiWhitespace(type.substr(0, type.find(';'))));
    }
    if (bytes_.size() + piece.data().size() > kMostFileBytes) {
      return FileTooLarge(static_cast<int64_t>(kMostFileBytes));
    }
    bytes_.append(piece.data());
    return absl::OkStatus();
  }

  // The organizations, each checked.
  absl::StatusOr<std::vector<Organization>> Read(const Snapshot& snapshot) const {
    Violations violations;
    const OrganizationFile file = Parse(violations);
    Check(file, snapshot, violations);
    if (violations.size() > kMostFaults) {
      const std::string more = absl::StrCat(violations.size() - kMostFaults);
      violations.KeepFirst(kMostFaults);
      violations.Add("file", {"MORE_FAULTS", {{"count", more}}});
    }
    RETURN_IF_ERROR(violations.ToStatus());
    return file.organizations;
  }

 private:
  OrganizationFile Parse(Violations& violations) const {
    if (type_ == kCsvType) return ReadOrganizationsCsv(text::DecodeFile(bytes_), violations);
    if (type_ == kGeoJsonType || type_ == "application/json") {
      return ReadOrganizationsGeoJson(bytes_, violations);
    }
    violations.Add("Content-Type", "ORGANIZATION_FILE_TYPE");
    return {};
  }

  static void Check(const OrganizationFile& file, const Snapshot& snapshot,
                    Violations& violations) {
    if (file.organizations.size() > kMostOrganizations) {
      violations.Add("file", {"TOO_MANY", {{"most", absl::StrCat(kMostOrganizations)}}});
      return;
    }
    absl::flat_hash_set<std::string> seen;
    for (size_t i = 0; i < file.organizations.size(); ++i) {
      const Organization& organization = file.organizations[i];
      const std::string prefix = absl::StrCat(file.places[i], ".");
      CheckOrganization(organization, snapshot.known, prefix, violations);
      if (!seen.insert(organization.id).second) violations.Add(prefix + "id", "REPEATED");
    }
  }

  std::string type_;
  std::string bytes_;
};

// An organization that was deleted counts as one that the directory does not have.
template <typename Response>
Response Count(const std::vector<Organization>& organizations, const Snapshot& snapshot) {
  Response response;
  for (const Organization& organization : organizations) {
    const ListedOrganization* stored = snapshot.entries.organizations().Find(organization.id);
    const bool replaced = stored != nullptr && !stored->data.state.delete_time;
    if (replaced) {
      response.set_replaced(response.replaced() + 1);
    } else {
      response.set_created(response.created() + 1);
    }
  }
  return response;
}

// What an import needs of a file: organizations that the directory has room for.
template <typename Response>
absl::StatusOr<Response> Prepare(const UploadedFile& file, const Snapshot& snapshot,
                                 std::vector<Organization>& organizations) {
  ASSIGN_OR_RETURN(organizations, file.Read(snapshot));
  const auto response = Count<Response>(organizations, snapshot);
  const size_t known = snapshot.entries.organizations().entries.size();
  if (known + static_cast<size_t>(response.created()) > kMostOrganizations) return DirectoryFull();
  return response;
}

class Check final : public FileCalls::CheckSink {
 public:
  explicit Check(const EntryParts& parts) : parts_(parts) {}

  absl::Status Append(const google::api::HttpBody& piece) override { return file_.Append(piece); }
  absl::StatusOr<v1::CheckOrganizationsResponse> Finish() override {
    ASSIGN_OR_RETURN(auto snapshot, parts_.snapshots.Current());
    std::vector<Organization> organizations;
    return Prepare<v1::CheckOrganizationsResponse>(file_, *snapshot, organizations);
  }

 private:
  const EntryParts parts_;
  UploadedFile file_;
};

class Import final : public FileCalls::ImportSink {
 public:
  Import(const EntryParts& parts, std::string editor) : parts_(parts), editor_(std::move(editor)) {}

  absl::Status Append(const google::api::HttpBody& piece) override { return file_.Append(piece); }
  absl::StatusOr<v1::ImportOrganizationsResponse> Finish() override {
    // Rows may name a category that another replica has just imported.
    RETURN_IF_ERROR(parts_.snapshots.Refresh());
    ASSIGN_OR_RETURN(auto snapshot, parts_.snapshots.Current());
    std::vector<Organization> organizations;
    ASSIGN_OR_RETURN(auto response,
                     Prepare<v1::ImportOrganizationsResponse>(file_, *snapshot, organizations));
    RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) {
      return parts_.entries.ApplyImport(transaction, organizations,
                                        {.editor = editor_, .time = parts_.clock.Now()});
    }));
    // If this fails, the import is done all the same and the next periodic refresh shows it.
    parts_.snapshots.Refresh().IgnoreError();
    return response;
  }

 private:
  const EntryParts parts_;
  const std::string editor_;
  UploadedFile file_;
};

class Export final : public FileCalls::Producer {
 public:
  Export(std::string file, const char* type) : file_(std::move(file)), type_(type) {}

  absl::StatusOr<bool> Next(google::api::HttpBody& message) override {
    const bool first = position_ == 0;
    if (position_ >= file_.size()) return false;
    if (first) message.set_content_type(type_);
    message.set_data(file_.substr(position_, kPiece));
    position_ += message.data().size();
    return true;
  }

 private:
  const std::string file_;
  const char* const type_;
  size_t position_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<FileCalls::ImportSink>> FileCalls::ImportOrganizations(
    const rpc::Call& call) {
  return std::make_unique<Import>(parts_, call.principal().name);
}

absl::StatusOr<std::unique_ptr<FileCalls::CheckSink>> FileCalls::CheckOrganizations(
    const rpc::Call&) {
  return std::make_unique<Check>(parts_);
}

absl::StatusOr<std::unique_ptr<FileCalls::Producer>> FileCalls::ExportOrganizations(
    const rpc::Call&, const v1::ExportOrganizationsRequest& request) {
  ASSIGN_OR_RETURN(auto snapshot, parts_.snapshots.Current());
  std::vector<Organization> organizations;
  for (const auto& entry : snapshot->entries.organizations().entries) {
    if (!entry->data.state.delete_time) organizations.push_back(entry->data);
  }
  if (request.format() == v1::ExportOrganizationsRequest::GEOJSON) {
    return std::make_unique<Export>(WriteOrganizationsGeoJson(organizations), kGeoJsonType);
  }
  return std::make_unique<Export>(WriteOrganizationsCsv(organizations), kCsvType);
}

}  // namespace veche::directory

#include "services/directory/commands/commands.h"

#include <fstream>
#include <iterator>
#include <optional>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/auth/access.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"
#include "google/rpc/error_details.pb.h"
#include "services/directory/commands/import_files.h"
#include "veche/directory/v1/directory.grpc.pb.h"

namespace veche::directory {
namespace {

constexpr absl::string_view kUsage =
    "Usage: veche import districts --file F.geojson [--language ru]\n"
    "       veche import departments|categories|organization-categories --file F.tsv\n"
    "                    [--language ru]\n";

struct Arguments {
  std::string kind;
  std::string file;
  std::string language = "ru";
};

// Takes "--name value" and "--name=value".
std::optional<Arguments> ParseArguments(const std::vector<std::string>& args) {
  Arguments parsed;
  if (args.empty()) return std::nullopt;
  parsed.kind = args[0];
  for (size_t i = 1; i < args.size(); ++i) {
    std::string name = args[i];
    std::string value;
    if (size_t equals = name.find('='); equals != std::string::npos) {
      value = name.substr(equals + 1);
      name.resize(equals);
    } else if (++i < args.size()) {
      value = args[i];
    }
    if (value.empty()) return std::nullopt;
    if (name == "--file") {
      parsed.file = value;
    } else if (name == "--language") {
      parsed.language = value;
    } else {
      return std::nullopt;
    }
  }
  static constexpr absl::string_view kKinds[] = {"districts", "departments", "categories",
                                                 "organization-categories"};
  if (!absl::c_linear_search(kKinds, parsed.kind) || parsed.file.empty()) return std::nullopt;
  return parsed;
}

absl::StatusOr<ImportFile> Read(const Arguments& arguments) {
  std::ifstream stream(arguments.file, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.is_open() || stream.bad()) {
    return absl::NotFoundError(absl::StrCat("The file ", arguments.file, " cannot be read."));
  }
  if (arguments.kind == "districts") return ReadDistricts(content, arguments.language);
  if (arguments.kind == "departments") return ReadDepartments(content, arguments.language);
  if (arguments.kind == "categories") return ReadCategories(content, arguments.language);
  return ReadOrganizationCategories(content, arguments.language);
}

// "line 4: " for the path "categories[2].department"; "" when the path names no row.
std::string PlaceOf(const std::string& field, const ImportFile& file) {
  size_t open = field.find('[');
  size_t close = field.find(']');
  size_t row = 0;
  if (open == std::string::npos || close == std::string::npos ||
      !absl::SimpleAtoi(field.substr(open + 1, close - open - 1), &row) ||
      row >= file.places.size()) {
    return "";
  }
  return absl::StrCat(file.places[row], ": ");
}

void PrintError(const absl::Status& status, const ImportFile& file, std::ostream& err) {
  err << std::string(status.message()) << "\n";
  auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  google::rpc::BadRequest bad_request;
  if (!payload || !bad_request.ParseFromString(std::string(*payload))) return;
  for (const auto& violation : bad_request.field_violations()) {
    err << "  " << PlaceOf(violation.field(), file) << violation.field() << ": "
        << violation.description() << "\n";
  }
}

}  // namespace

int RunDirectoryImport(const std::vector<std::string>& args,
                       std::shared_ptr<grpc::Channel> directory, std::ostream& out,
                       std::ostream& err) {
  std::optional<Arguments> arguments = ParseArguments(args);
  if (!arguments) {
    err << kUsage;
    return 2;
  }
  absl::StatusOr<ImportFile> file = Read(*arguments);
  if (!file.ok()) {
    err << std::string(file.status().message()) << "\n";
    return 1;
  }
  auto stub = v1::Directory::NewStub(directory);
  auto context = rpc::NewBackgroundContext(auth::kCommands, absl::Minutes(5));
  v1::ImportDirectoryResponse response;
  absl::Status status =
      rpc::FromGrpc(stub->ImportDirectory(context.get(), file->request, &response));
  if (!status.ok()) {
    PrintError(status, *file, err);
    return 1;
  }
  out << "Loaded " << file->places.size() << " " << arguments->kind << ".\n";
  return 0;
}

}  // namespace veche::directory

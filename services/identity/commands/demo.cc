#include "services/identity/commands/demo.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "common/base/durable_file.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "common/rpc/status.h"
#include "veche/identity/v1/identity.grpc.pb.h"

namespace veche::identity {
namespace {

constexpr size_t kPasswordBytes = 12;  // 16 characters
constexpr absl::string_view kDepartment = "{department}";
constexpr absl::string_view kTitle = "{title}";

absl::StatusOr<std::vector<DemoAccount>> WantedAccounts(
    const DemoFiles& files, absl::Span<const DemoDepartment> departments) {
  ASSIGN_OR_RETURN(const std::vector<DemoFiles::Row> rows,
                   files.Rows("staff.tsv", {"login", "role", "display_name"}));
  std::vector<DemoAccount> accounts;
  for (const DemoFiles::Row& row : rows) {
    if (!absl::StrContains(row[0], kDepartment)) {
      accounts.push_back({.login = std::string(row[0]),
                          .roles = {std::string(row[1])},
                          .display_name = std::string(row[2])});
      continue;
    }
    for (const DemoDepartment& department : departments) {
      const absl::string_view id = absl::StripPrefix(department.name, "departments/");
      accounts.push_back(
          {.login = absl::StrReplaceAll(row[0], {{kDepartment, id}}),
           .roles = {std::string(row[1])},
           .department = department.name,
           .display_name = absl::StrReplaceAll(row[2], {{kTitle, department.title}})});
    }
  }
  return accounts;
}

std::string ToJson(const std::vector<DemoAccount>& accounts) {
  google::protobuf::ListValue list;
  for (const DemoAccount& account : accounts) {
    auto& fields = *list.add_values()->mutable_struct_value()->mutable_fields();
    fields["login"].set_string_value(account.login);
    fields["password"].set_string_value(account.password);
    for (const std::string& role : account.roles) {
      fields["roles"].mutable_list_value()->add_values()->set_string_value(role);
    }
    fields["department"].set_string_value(account.department);  // "" where there is none
    fields["displayName"].set_string_value(account.display_name);
  }
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  std::string text;
  (void)google::protobuf::util::MessageToJsonString(list, &text, options);
  return text;
}

absl::Status Create(v1::Identity::Stub& identity, grpc::ClientContext& context,
                    const DemoAccount& account) {
  v1::CreateStaffRequest request;
  request.set_login(account.login);
  request.set_password(account.password);
  request.set_display_name(account.display_name);
  request.set_department(account.department);
  for (const std::string& name : account.roles) {
    options::v1::Role role;
    if (options::v1::Role_Parse(name, &role)) request.add_roles(role);
  }
  v1::Staff response;
  const grpc::Status status = identity.CreateStaff(&context, request, &response);
  if (status.error_code() == grpc::StatusCode::ALREADY_EXISTS) return absl::OkStatus();
  return rpc::FromGrpc(status);
}

}  // namespace

absl::StatusOr<std::vector<DemoAccount>> ReadDemoAccounts(const std::filesystem::path& file) {
  std::vector<DemoAccount> accounts;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return accounts;
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  google::protobuf::ListValue list;
  if (!google::protobuf::util::JsonStringToMessage(text.str(), &list).ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat(file.string(), " is not the list of accounts that --demo wrote."));
  }
  for (const auto& value : list.values()) {
    auto fields = value.struct_value().fields();
    DemoAccount account{.login = fields["login"].string_value(),
                        .password = fields["password"].string_value()};
    for (const auto& role : fields["roles"].list_value().values()) {
      account.roles.push_back(role.string_value());
    }
    account.department = fields["department"].string_value();
    account.display_name = fields["displayName"].string_value();
    accounts.push_back(std::move(account));
  }
  return accounts;
}

absl::StatusOr<std::vector<DemoAccount>> CreateDemoStaff(
    const std::shared_ptr<grpc::Channel>& identity,
    const std::function<std::unique_ptr<grpc::ClientContext>()>& new_context,
    const DemoFiles& files, absl::Span<const DemoDepartment> departments,
    const std::filesystem::path& file) {
  ASSIGN_OR_RETURN(std::vector<DemoAccount> wanted_accounts, WantedAccounts(files, departments));
  ASSIGN_OR_RETURN(std::vector<DemoAccount> accounts, ReadDemoAccounts(file));
  const size_t known = accounts.size();
  for (DemoAccount& wanted : wanted_accounts) {
    const bool there = std::any_of(
        accounts.begin(), accounts.end(),
        [&wanted](const DemoAccount& account) { return account.login == wanted.login; });
    if (there) continue;
    wanted.password = RandomToken(kPasswordBytes);
    accounts.push_back(std::move(wanted));
  }
  if (accounts.size() != known) RETURN_IF_ERROR(WriteDurably(file, ToJson(accounts)));
  const auto stub = v1::Identity::NewStub(identity);
  for (const DemoAccount& account : accounts) {
    RETURN_IF_ERROR(Create(*stub, *new_context(), account));
  }
  return accounts;
}

}  // namespace veche::identity

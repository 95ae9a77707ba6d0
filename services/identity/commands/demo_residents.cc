#include "services/identity/commands/demo_residents.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <sstream>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/rpc/status.h"
#include "services/identity/commands/demo.h"
#include "services/identity/domain/sign_in_rules.h"
#include "veche/identity/v1/identity.grpc.pb.h"

namespace veche::identity {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(30);
enum Column { kContact, kBirthDate, kDistrict, kActs };

struct SignedIn {
  std::string name;  // "residents/{id}"
  std::string access_token;
};

void SetDeadline(grpc::ClientContext& context) {
  context.set_deadline(absl::ToChronoTime(absl::Now() + kTimeout));
}

// The code in a message to `contact`; "" when the message is to somebody else.
std::string CodeIn(const std::filesystem::path& message, absl::string_view contact) {
  std::ostringstream text;
  text << std::ifstream(message).rdbuf();
  google::protobuf::Struct json;
  if (!google::protobuf::util::JsonStringToMessage(text.str(), &json).ok()) return "";
  const auto& fields = json.fields();
  const auto to = fields.find("to");
  const auto body = fields.find("body");
  if (to == fields.end() || to->second.string_value() != contact || body == fields.end()) return "";
  for (absl::string_view word :
       absl::StrSplit(body->second.string_value(), absl::ByAnyChar(" .,:;\n"))) {
    if (IsCode(word)) return std::string(word);
  }
  return "";
}

// Messages are named by ids in the order of time, so the newest are searched first.
absl::StatusOr<std::string> LastCode(const std::filesystem::path& outbox,
                                     absl::string_view contact) {
  std::vector<std::filesystem::path> messages;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(outbox, error)) {
    messages.push_back(entry.path());
  }
  std::sort(messages.begin(), messages.end(), std::greater<>());
  for (const std::filesystem::path& message : messages) {
    std::string code = CodeIn(message, contact);
    if (!code.empty()) return code;
  }
  return absl::NotFoundError(absl::StrCat("There is no code in ", outbox.string(), "."));
}

absl::StatusOr<SignedIn> SignIn(v1::Identity::Stub& identity, const v1::SignInRequest& request) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::SignInResponse response;
  RETURN_IF_ERROR(rpc::FromGrpc(identity.SignIn(&context, request, &response)));
  return SignedIn{response.principal().name(), response.access_token()};
}

absl::StatusOr<SignedIn> SignInByCode(v1::Identity::Stub& identity, const std::string& contact,
                                      const std::filesystem::path& outbox) {
  grpc::ClientContext context;
  SetDeadline(context);
  v1::SendCodeRequest request;
  request.set_contact(contact);
  v1::SendCodeResponse sent;
  RETURN_IF_ERROR(rpc::FromGrpc(identity.SendCode(&context, request, &sent)));
  v1::SignInRequest sign_in;
  sign_in.set_challenge(sent.challenge());
  ASSIGN_OR_RETURN(*sign_in.mutable_code(), LastCode(outbox, contact));
  return SignIn(identity, sign_in);
}

absl::Status Verify(v1::Identity::Stub& identity, const std::string& supervisor,
                    const std::string& resident, const DemoFiles::Row& row) {
  v1::VerifyResidentRequest request;
  request.set_name(resident);
  request.set_birth_date(std::string(row[kBirthDate]));
  request.set_district(absl::StrCat("districts/", row[kDistrict]));
  request.set_document_kind("PASSPORT");
  grpc::ClientContext context;
  SetDeadline(context);
  context.AddMetadata("authorization", absl::StrCat("Bearer ", supervisor));
  v1::Verification response;
  return rpc::FromGrpc(identity.VerifyResident(&context, request, &response));
}

}  // namespace

absl::StatusOr<std::vector<std::string>> SignInDemoResidents(
    const std::shared_ptr<grpc::Channel>& identity, const DemoFiles& files,
    const DemoPaths& paths) {
  ASSIGN_OR_RETURN(const std::vector<DemoFiles::Row> rows,
                   files.Rows("residents.tsv", {"contact", "birth_date", "district", "acts"}));
  const auto stub = v1::Identity::NewStub(identity);
  ASSIGN_OR_RETURN(const std::string supervisor,
                   SignInDemoStaff(identity, paths.accounts, "SUPERVISOR"));
  std::vector<std::string> tokens;
  for (const DemoFiles::Row& row : rows) {
    ASSIGN_OR_RETURN(SignedIn resident,
                     SignInByCode(*stub, std::string(row[kContact]), paths.outbox));
    if (!row[kDistrict].empty()) {
      RETURN_IF_ERROR(Verify(*stub, supervisor, resident.name, row));
    }
    if (row[kActs] == "yes") tokens.push_back(std::move(resident.access_token));
  }
  return tokens;
}

absl::StatusOr<std::string> SignInDemoStaff(const std::shared_ptr<grpc::Channel>& identity,
                                            const std::filesystem::path& accounts,
                                            absl::string_view role) {
  ASSIGN_OR_RETURN(const std::vector<DemoAccount> known, ReadDemoAccounts(accounts));
  for (const DemoAccount& account : known) {
    if (!absl::c_linear_search(account.roles, role)) continue;
    v1::SignInRequest request;
    request.set_login(account.login);
    request.set_password(account.password);
    ASSIGN_OR_RETURN(SignedIn staff, SignIn(*v1::Identity::NewStub(identity), request));
    return std::move(staff.access_token);
  }
  return absl::NotFoundError(absl::StrCat(accounts.string(), " has no account of ", role, "."));
}

}  // namespace veche::identity

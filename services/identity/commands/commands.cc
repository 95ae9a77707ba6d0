#include "services/identity/commands/commands.h"

#include <termios.h>
#include <unistd.h>

#include <iostream>
#include <optional>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "common/auth/access.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"
#include "google/rpc/error_details.pb.h"
#include "services/identity/domain/account.h"
#include "veche/identity/v1/identity.grpc.pb.h"

namespace veche::identity {
namespace {

constexpr absl::string_view kUsage =
    "Usage: veche identity create-admin --login L [--display_name N] [--generate_password]\n";
constexpr size_t kPasswordBytes = 15;  // 20 characters

struct Arguments {
  std::string login;
  std::string display_name;
  bool generate = false;
};

// Takes "--name value" and "--name=value".
std::optional<Arguments> ParseArguments(const std::vector<std::string>& args) {
  Arguments parsed;
  if (args.empty() || args[0] != "create-admin") return std::nullopt;
  for (size_t i = 1; i < args.size(); ++i) {
    std::string name = args[i];
    if (name == "--generate_password") {
      parsed.generate = true;
      continue;
    }
    std::string value;
    if (const size_t equals = name.find('='); equals != std::string::npos) {
      value = name.substr(equals + 1);
      name.resize(equals);
    } else if (++i < args.size()) {
      value = args[i];
    }
    if (name != "--login" && name != "--display_name") return std::nullopt;
    (name == "--login" ? parsed.login : parsed.display_name) = value;
  }
  if (parsed.login.empty()) return std::nullopt;
  if (parsed.display_name.empty()) parsed.display_name = parsed.login;
  return parsed;
}

void PrintError(const absl::Status& status, std::ostream& err) {
  err << std::string(status.message()) << "\n";
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  google::rpc::BadRequest bad;
  if (!payload || !bad.ParseFromString(std::string(*payload))) return;
  for (const auto& violation : bad.field_violations()) {
    err << "  " << violation.field() << ": " << violation.description() << "\n";
  }
}

absl::StatusOr<std::string> ReadHidden(absl::string_view prompt) {
  std::cerr << std::string(prompt) << std::flush;
  termios shown;
  if (tcgetattr(STDIN_FILENO, &shown) != 0) return absl::UnavailableError("There is no terminal.");
  termios hidden = shown;
  hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  const auto show = absl::MakeCleanup([&shown] {
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    std::cerr << std::endl;
  });
  std::string line;
  if (!std::getline(std::cin, line)) return absl::CancelledError("No password was given.");
  return line;
}

}  // namespace

AskPassword AskOnTerminal() {
  if (isatty(STDIN_FILENO) == 0) return nullptr;
  return []() -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(std::string password, ReadHidden("Password (at least 12 characters): "));
    if (const Text problem = PasswordProblem(password); !problem.empty()) {
      ASSIGN_OR_RETURN(const Texts texts, Texts::Parse({CommonTexts()}));
      return absl::InvalidArgumentError(
          absl::StrCat("The password ", texts.Get(problem, "en"), "."));
    }
    ASSIGN_OR_RETURN(const std::string again, ReadHidden("Repeat the password: "));
    if (again != password)
      return absl::InvalidArgumentError("The two passwords differ. Run the command again.");
    return password;
  };
}

int RunIdentityCommand(const std::vector<std::string>& args,
                       std::shared_ptr<grpc::Channel> identity, const AskPassword& ask,
                       std::ostream& out, std::ostream& err) {
  const std::optional<Arguments> arguments = ParseArguments(args);
  if (!arguments) {
    err << kUsage;
    return 2;
  }
  const bool generate = arguments->generate || ask == nullptr;
  absl::StatusOr<std::string> password = generate ? RandomToken(kPasswordBytes) : ask();
  if (!password.ok()) {
    PrintError(password.status(), err);
    return 1;
  }
  v1::CreateStaffRequest request;
  request.set_login(arguments->login);
  request.set_display_name(arguments->display_name);
  request.set_password(*password);
  request.add_roles(options::v1::ADMIN);
  v1::Staff created;
  const auto context = rpc::NewBackgroundContext(auth::kCommands, absl::Seconds(30));
  const absl::Status status = rpc::FromGrpc(
      v1::Identity::NewStub(std::move(identity))->CreateStaff(context.get(), request, &created));
  if (!status.ok()) {
    PrintError(status, err);
    return 1;
  }
  out << "Administrator " << arguments->login << " is " << created.name() << ".\n";
  if (generate) out << "Password: " << *password << "\n";
  return 0;
}

}  // namespace veche::identity

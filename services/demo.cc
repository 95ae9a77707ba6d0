#include "services/demo.h"

#include <algorithm>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/notification.h"
#include "common/auth/access.h"
#include "common/base/status_macros.h"
#include "common/observe/worker.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"
#include "services/appeals/commands/demo.h"
#include "services/config.h"
#include "services/directory/commands/demo.h"
#include "services/identity/commands/demo.h"
#include "services/identity/commands/demo_residents.h"
#include "services/identity/module.h"
#include "services/notifications/commands/demo.h"
#include "services/polling/commands/demo.h"
#include "services/polling/commands/demo_initiatives.h"
#include "veche/directory/v1/directory.grpc.pb.h"

namespace veche {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(1);
constexpr absl::Duration kBetweenTries = absl::Milliseconds(200);
constexpr absl::Duration kBetweenLoads = absl::Seconds(2);
constexpr absl::Duration kMostLoading = absl::Minutes(15);
constexpr char kAccountsFile[] = "demo-accounts.json";

bool Hosts(const config::v1::Config& config, absl::string_view service) {
  return std::find(config.services().begin(), config.services().end(), service) !=
         config.services().end();
}

// Retries, because the other process may start later than this one.
absl::Status Retry(absl::FunctionRef<absl::Status()> action) {
  const absl::Time deadline = absl::Now() + kPatience;
  absl::Notification never;
  while (true) {
    absl::Status status = action();
    if (status.ok() || absl::Now() > deadline) return status;
    never.WaitForNotificationWithTimeout(kBetweenTries);
  }
}

absl::StatusOr<std::vector<identity::DemoDepartment>> Departments(Suite& suite) {
  auto directory = directory::v1::Directory::NewStub(suite.ChannelTo("directory"));
  // Public, and this process may be any service: no name is claimed.
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(5)));
  directory::v1::ListDepartmentsResponse response;
  RETURN_IF_ERROR(rpc::FromGrpc(directory->ListDepartments(&context, {}, &response)));
  if (response.departments().empty())
    return absl::UnavailableError("The directory has no departments yet.");
  std::vector<identity::DemoDepartment> departments;
  for (const auto& department : response.departments())
    departments.push_back({department.name(), department.title()});
  return departments;
}

absl::Status LoadStaff(const DemoFiles& files, Suite& suite, std::ostream& out) {
  std::vector<identity::DemoDepartment> departments;
  RETURN_IF_ERROR(Retry([&]() -> absl::Status {
    ASSIGN_OR_RETURN(departments, Departments(suite));
    return absl::OkStatus();
  }));
  const std::filesystem::path file = suite.data_dir() / kAccountsFile;
  ASSIGN_OR_RETURN(std::vector<identity::DemoAccount> accounts,
                   identity::CreateDemoStaff(
                       suite.ChannelTo("identity"),
                       [] { return rpc::NewBackgroundContext(auth::kCommands, absl::Seconds(30)); },
                       files, departments, file));
  out << "Demo accounts (" << file.string() << "):\n";
  for (const identity::DemoAccount& account : accounts) {
    out << "  " << account.login << "  " << account.password << "  "
        << absl::StrJoin(account.roles, ",") << "  " << account.department << "\n";
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status LoadDemo(const config::v1::Config& config, const DemoFiles& files, Suite& suite,
                      std::ostream& out) {
  if (Hosts(config, "directory")) {
    // The language of the files, even if the configuration chooses another one.
    ASSIGN_OR_RETURN(const config::v1::Config city,
                     ParseConfig("{}", {.demo = std::string(files.Get("city.json"))}));
    RETURN_IF_ERROR(
        directory::LoadDemoCity(suite.ChannelTo("directory"), files, city.city().language()));
  }
  if (Hosts(config, "identity")) RETURN_IF_ERROR(LoadStaff(files, suite, out));
  if (Hosts(config, "appeals")) {
    RETURN_IF_ERROR(Retry(
        [&] { return appeals::LoadDemoAppeals(suite.ChannelTo("appeals"), files, absl::Now()); }));
  }
  return absl::OkStatus();
}

DemoLoader::DemoLoader(const config::v1::Config& config, const DemoFiles& files, Suite& suite)
    : config_(config),
      files_(files),
      suite_(suite),
      give_up_(absl::Now() + kMostLoading),
      worker_(observe::LoggedBackgroundWorker("demo", suite.telemetry()),
              [this] { return Step(); }) {}

absl::Duration DemoLoader::Step() {
  const absl::Time begin = absl::Now();
  const absl::Status loaded = Load();
  if (loaded.ok()) {
    suite_.telemetry().logger->Info("demo loaded",
                                    {{"duration", absl::FormatDuration(absl::Now() - begin)}});
  } else if (!worker_.stopping()) {
    suite_.telemetry().logger->Warning("demo not loaded yet", {{"error", loaded.ToString()}});
  }
  // Another process may start later than this one, or the machine may be busy.
  const bool again = absl::IsUnavailable(loaded) || absl::IsDeadlineExceeded(loaded);
  return again && begin < give_up_ ? kBetweenLoads : absl::InfiniteDuration();
}

absl::StatusOr<std::vector<std::string>> DemoLoader::Residents() {
  if (residents_.empty()) {
    ASSIGN_OR_RETURN(residents_,
                     identity::SignInDemoResidents(
                         suite_.ChannelTo("identity"), files_,
                         {.accounts = suite_.data_dir() / kAccountsFile,
                          .outbox = identity::OutboxFolder(config_, suite_.data_dir())}));
  }
  return residents_;
}

absl::StatusOr<std::string> DemoLoader::SignInStaff(absl::string_view role) {
  return identity::SignInDemoStaff(suite_.ChannelTo("identity"), suite_.data_dir() / kAccountsFile,
                                   role);
}

absl::Status DemoLoader::LoadInitiatives() {
  ASSIGN_OR_RETURN(const std::string moderator, SignInStaff("MODERATOR"));
  const auto sign_in = [&]() -> absl::StatusOr<polling::DemoParticipants> {
    polling::DemoParticipants people{.moderator = moderator};
    ASSIGN_OR_RETURN(people.editor, SignInStaff("EDITOR"));
    ASSIGN_OR_RETURN(people.residents, Residents());
    return people;
  };
  return polling::LoadDemoInitiatives(suite_.ChannelTo("polling"), files_, moderator, sign_in,
                                      [this] { return worker_.stopping(); });
}

absl::Status DemoLoader::LoadResidentsPart() {
  ASSIGN_OR_RETURN(const std::string editor, SignInStaff("EDITOR"));
  absl::Status loaded = polling::HoldDemoPoll(
      suite_.ChannelTo("polling"), files_, editor, absl::Now(), [this] { return Residents(); },
      [this] { return worker_.stopping(); });
  loaded.Update(LoadInitiatives());
  return loaded;
}

absl::Status DemoLoader::Load() {
  absl::Status loaded;
  // Residents come first: an opening counts the residents who may vote.
  if (Hosts(config_, "identity") && suite_.Knows("polling")) loaded = LoadResidentsPart();
  if (Hosts(config_, "notifications")) {
    loaded.Update(
        notifications::LoadDemoAlerts(suite_.ChannelTo("notifications"), files_, absl::Now()));
  }
  if (!Hosts(config_, "polling")) return loaded;
  const auto polling = suite_.ChannelTo("polling");
  loaded.Update(
      polling::OpenDemoPolls(polling, files_, absl::Now(), [this] { return worker_.stopping(); }));
  loaded.Update(polling::ExpireDemoInitiatives(polling, files_));
  return loaded;
}

}  // namespace veche

#include "services/modules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace veche {
namespace {

using ::testing::HasSubstr;
using ::veche::testing::StatusIs;

// The table with one row changed.
absl::Status CheckWith(absl::string_view name, const std::function<void(ModuleEntry&)>& change) {
  std::vector<ModuleEntry> modules(Modules().begin(), Modules().end());
  for (ModuleEntry& module : modules) {
    if (module.name == name) change(module);
  }
  return CheckModules(modules);
}

void ExpectRefused(const absl::Status& status, const std::string& says) {
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(status.message()), HasSubstr(says));
}

TEST(ModulesTest, TheTableWorks) { EXPECT_OK(CheckModules(Modules())); }

TEST(ModulesTest, RefusesARowThatStandsBeforeWhatItCalls) {
  ExpectRefused(CheckWith("identity", [](ModuleEntry& row) { row.calls = {"directory"}; }),
                "row identity: it calls directory, which must stand before it");
  ExpectRefused(CheckWith("directory", [](ModuleEntry& row) { row.calls = {"directory"}; }),
                "row directory: it calls directory, which must stand before it");
}

TEST(ModulesTest, RefusesNamesThatAreUnknownRepeatedOrTaken) {
  ExpectRefused(CheckWith("gateway", [](ModuleEntry& row) { row.calls = {"poling"}; }),
                "row gateway: there is no service poling");
  ExpectRefused(CheckWith("notifications", [](ModuleEntry& row) { row.follows = {"apeals"}; }),
                "row notifications: there is no service apeals");
  ExpectRefused(CheckWith("notifications", [](ModuleEntry& row) { row.follows = {row.name}; }),
                "row notifications: it follows itself");
  ExpectRefused(CheckWith("directory", [](ModuleEntry& row) { row.name = "identity"; }),
                "row identity: another row has this name");
  ExpectRefused(CheckWith("gateway", [](ModuleEntry& row) { row.name = "commands"; }),
                "\"commands\" cannot be a service's name");
}

TEST(ModulesTest, RefusesGrpcServicesThatAreUnknownOrServedTwice) {
  ExpectRefused(
      CheckWith("identity", [](ModuleEntry& row) { row.serves = {"veche.identity.v2.Identity"}; }),
      "row identity: the program has no gRPC service veche.identity.v2.Identity");
  ExpectRefused(CheckWith("notifications",
                          [](ModuleEntry& row) { row.serves = {"veche.directory.v1.Directory"}; }),
                "row notifications: another row serves veche.directory.v1.Directory already");
}

TEST(ModulesTest, RefusesAnAccessRuleThatAdmitsWhoDoesNotCall) {
  ExpectRefused(CheckWith("appeals", [](ModuleEntry& row) { row.calls = {"directory"}; }),
                "row identity: the access rule of veche.identity.v1.Identity.RegisterGuest admits "
                "appeals, whose row does not call or follow identity");
}

TEST(ModulesTest, RefusesACallThatNoAccessRuleAdmits) {
  ExpectRefused(CheckWith("notifications", [](ModuleEntry& row) { row.serves = {}; }),
                "row gateway: no access rule of notifications admits it");
}

}  // namespace
}  // namespace veche

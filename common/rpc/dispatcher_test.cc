#include "common/rpc/dispatcher.h"

#include <thread>

#include "absl/synchronization/notification.h"
#include "common/rpc/probe.h"
#include "common/sql/deadline.h"
#include "google/rpc/error_details.pb.h"

namespace veche::rpc::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::veche::testing::HasReason;
using ::veche::testing::StatusIs;

absl::Status CreateFor(const ServiceBuilder& service) {
  static const SystemClock clock;
  return Dispatcher::Create({.service = "probe"}, {service}, TestServer::verifier(), nullptr, clock,
                            observe::NullTelemetry())
      .status();
}

// Handlers of services that are refused at start.
struct OddHandlers {
  absl::StatusOr<v1::EchoResponse> Enter(const Call&, const v1::EnterRequest&) { return Answer(); }
  absl::StatusOr<v1::EchoResponse> First(const Call&, const v1::TwinRequest&) { return Answer(); }
  static v1::EchoResponse Answer() { return {}; }
};

TEST(DispatcherTest, DoesNotStartAMethodWithoutARule) {
  OddHandlers odd;
  const absl::Status status =
      CreateFor(ServiceBuilder("veche.testing.v1.Unguarded").Unary(odd, &OddHandlers::Enter));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(status.message(), HasSubstr("veche.testing.v1.Unguarded.Enter has no access rule"));
}

TEST(DispatcherTest, DoesNotStartTwoMethodsOfTheSameTypes) {
  OddHandlers odd;
  const absl::Status status =
      CreateFor(ServiceBuilder("veche.testing.v1.Twins").Unary(odd, &OddHandlers::First));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(status.message(), HasSubstr("Second has the types of another method"));
}

TEST(DispatcherTest, NamesEveryMethodWithoutAHandlerAndEveryHandlerWithoutAMethod) {
  ProbeHandlers handlers;
  OddHandlers odd;
  const absl::Status status = CreateFor(
      ServiceBuilder("veche.testing.v1.Probe")
          .Unary(handlers, &ProbeHandlers::Echo, &ProbeHandlers::Read, &ProbeHandlers::Read)
          .Unary(odd, &OddHandlers::Enter)
          .Subscribe(handlers, &ProbeHandlers::Watch));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
  for (const char* missing :
       {"AskResident", "AskStaff", "AskService", "Increment", "Demand", "Download", "Upload"}) {
    EXPECT_THAT(status.message(), HasSubstr(absl::StrCat(missing, " has no handler")));
  }
  EXPECT_THAT(status.message(), HasSubstr("Read has more than one handler"));
  EXPECT_THAT(status.message(), HasSubstr("a handler (veche.testing.v1.EnterRequest) returns "
                                          "(veche.testing.v1.EchoResponse) has no method"));
  EXPECT_THAT(status.message(), Not(HasSubstr("Echo has")));
  EXPECT_THAT(status.message(), Not(HasSubstr("Watch")));
}

TEST(DispatcherTest, DoesNotStartAServiceThatIsNotCompiledIn) {
  EXPECT_THAT(CreateFor(ServiceBuilder("veche.testing.v1.Nowhere")),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(DispatcherTest, TellsTheHandlerWhoCalls) {
  Probe probe;
  for (const auth::Principal& principal :
       {auth::Principal{}, Resident("a"), Officer("b", "departments/roads"), Service("appeals")}) {
    auto response = probe.Echo(*probe.ContextFor(principal));
    ASSERT_OK(response);
    EXPECT_EQ(response->text(), principal.name);
  }
}

template <typename Request>
absl::Status Ask(Probe& probe, const auth::Principal& principal,
                 grpc::Status (v1::Probe::Stub::*method)(grpc::ClientContext*, const Request&,
                                                         v1::EchoResponse*)) {
  v1::EchoResponse response;
  return FromGrpc(((*probe.stub()).*method)(probe.ContextFor(principal).get(), {}, &response));
}

TEST(DispatcherTest, OpensEachMethodToItsRolesAlone) {
  Probe probe;
  const auto resident = Resident("a");
  const auto officer = Officer("b", "departments/roads");
  const auto service = Service("appeals");

  EXPECT_OK(Ask(probe, resident, &v1::Probe::Stub::AskResident));
  EXPECT_THAT(Ask(probe, officer, &v1::Probe::Stub::AskResident), HasReason("ROLE_REQUIRED"));
  EXPECT_THAT(Ask(probe, service, &v1::Probe::Stub::AskResident), HasReason("SERVICE_NOT_ALLOWED"));
  EXPECT_THAT(Ask(probe, {}, &v1::Probe::Stub::AskResident), HasReason("TOKEN_REQUIRED"));

  EXPECT_OK(Ask(probe, officer, &v1::Probe::Stub::AskStaff));
  EXPECT_OK(Ask(probe, Supervisor("c"), &v1::Probe::Stub::AskStaff));
  EXPECT_THAT(Ask(probe, Admin("d"), &v1::Probe::Stub::AskStaff), HasReason("ROLE_REQUIRED"));
  EXPECT_THAT(Ask(probe, resident, &v1::Probe::Stub::AskStaff), HasReason("ROLE_REQUIRED"));

  EXPECT_OK(Ask(probe, service, &v1::Probe::Stub::AskService));
  EXPECT_THAT(Ask(probe, Service("identity"), &v1::Probe::Stub::AskService),
              HasReason("SERVICE_NOT_ALLOWED"));
  EXPECT_THAT(Ask(probe, Admin("d"), &v1::Probe::Stub::AskService), HasReason("ROLE_REQUIRED"));
  EXPECT_THAT(Ask(probe, {}, &v1::Probe::Stub::AskService), HasReason("TOKEN_REQUIRED"));
}

TEST(DispatcherTest, FollowersAreThoseOfItsOptions) {
  DispatcherOptions options;
  options.callers.followers = {"notifications"};
  Probe probe(options);
  EXPECT_OK(Ask(probe, Service("notifications"), &v1::Probe::Stub::AskService));
  EXPECT_THAT(Ask(probe, Service("identity"), &v1::Probe::Stub::AskService),
              HasReason("SERVICE_NOT_ALLOWED"));
}

TEST(DispatcherTest, AServiceThatNobodyKnowsIsNobody) {
  Probe probe;
  for (const char* name : {"utility", "followers", ""}) {
    grpc::ClientContext context;
    context.AddMetadata("x-veche-service", name);
    EXPECT_THAT(probe.Echo(context), HasReason("SERVICE_NOT_PROVEN")) << name;
  }
}

TEST(DispatcherTest, ABadTokenIsRefusedEvenWhereNoneIsNeeded) {
  Probe probe;
  for (const char* header : {"Bearer garbage", "Bearer ", "Basic YTpi", "garbage", ""}) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", header);
    EXPECT_THAT(probe.Echo(context), HasReason("TOKEN_INVALID")) << header;
  }
}

TEST(DispatcherTest, ATokenCountsBeforeAServiceName) {
  Probe probe;
  auto context = probe.ContextFor(Resident("a"));
  context->AddMetadata("x-veche-service", "appeals");
  EXPECT_EQ(probe.Echo(*context)->text(), "residents/a");
}

std::vector<std::string> WrongFields(const absl::Status& status) {
  google::rpc::BadRequest bad;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  EXPECT_TRUE(payload && bad.ParseFromString(std::string(*payload))) << status;
  std::vector<std::string> fields;
  for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
  return fields;
}

TEST(DispatcherTest, NamesWhatGatewayProtoAndHandlerFindWrongAtOnce) {
  Probe probe;
  Violations known;
  known.Add("nope", "NOT_A_FIELD");
  known.Add("colour", "NOT_ENUM");
  auto context = probe.ContextFor();
  context->AddMetadata("x-veche-violations-bin", known.Serialize());
  v1::DemandRequest request;
  request.set_title("?");
  request.mutable_main_part()->set_part_name("p");
  request.add_spare_parts()->set_part_name("p");
  request.set_note("n");
  v1::EchoResponse response;
  absl::Status status = FromGrpc(probe.stub()->Demand(context.get(), request, &response));
  EXPECT_THAT(WrongFields(status), ElementsAre("nope", "colour", "rating", "count", "title"));
}

TEST(DispatcherTest, DoesNothingForARequestThatTheGatewayCouldNotRead) {
  Probe probe;
  probe.handlers.echo = [](const Call&,
                           const v1::EchoRequest&) -> absl::StatusOr<v1::EchoResponse> {
    ADD_FAILURE() << "the handler ran";
    return v1::EchoResponse();
  };
  Violations known;
  known.Add("nope", "NOT_A_FIELD");
  for (const std::string& metadata : {known.Serialize(), std::string("\xff")}) {
    auto context = probe.ContextFor();
    context->AddMetadata("x-veche-violations-bin", metadata);
    EXPECT_THAT(WrongFields(probe.Echo(*context).status()), ::testing::SizeIs(1));
  }
}

TEST(DispatcherTest, NamesEveryMissingFieldAtOnce) {
  Probe probe;
  v1::DemandRequest request;
  request.mutable_main_part()->mutable_inner();
  request.add_spare_parts()->set_part_name("wheel");
  request.add_spare_parts();
  request.set_note("");
  v1::EchoResponse response;
  absl::Status status =
      FromGrpc(probe.stub()->Demand(probe.ContextFor().get(), request, &response));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(WrongFields(status),
              ElementsAre("title", "mainPart.partName", "mainPart.inner.partName",
                          "spareParts[1].partName", "colour", "rating", "count", "note"));
}

TEST(DispatcherTest, AcceptsARequestThatHasItAll) {
  Probe probe;
  v1::DemandRequest request;
  request.set_title("t");
  request.mutable_main_part()->set_part_name("p");
  request.mutable_main_part()->mutable_seen();  // output only: not checked
  request.add_spare_parts()->set_part_name("p");
  request.set_colour(v1::RED);
  request.set_rating(0);  // has presence: zero is a value
  request.set_count(1);
  request.set_note("n");
  v1::EchoResponse response;
  EXPECT_OK(FromGrpc(probe.stub()->Demand(probe.ContextFor().get(), request, &response)));
}

TEST(DispatcherTest, ErrorsArriveWithTheirDetails) {
  Probe probe;
  probe.handlers.echo = [](const Call&, const v1::EchoRequest&) {
    return WithRetryAfter(
        MakeError(absl::StatusCode::kNotFound, "probe", "NOT_HERE", {{"name", "things/1"}}),
        absl::Seconds(3));
  };
  absl::Status status = probe.Echo(*probe.ContextFor()).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(status.message(), "There is no things/1.");
  EXPECT_EQ(ErrorReason(status), "NOT_HERE");
  EXPECT_EQ(ErrorMetadataValue(status, "name"), "things/1");
  EXPECT_EQ(RetryAfter(status), absl::Seconds(3));
  EXPECT_THAT(probe.log(), IsEmpty()) << "the client's mistakes are counted, not logged";
}

// The message about a missing token for a client of `language`.
std::string ToldIn(Probe& probe, const char* language) {
  grpc::ClientContext context;
  if (language != nullptr) context.AddMetadata("x-veche-language", language);
  v1::EchoResponse response;
  return LocalizedMessage(
      FromGrpc(probe.stub()->AskResident(&context, v1::AskResidentRequest(), &response)));
}

TEST(DispatcherTest, ErrorsSpeakTheCallersLanguage) {
  Probe probe;
  EXPECT_THAT(ToldIn(probe, "en"), HasSubstr("Sign in"));
  EXPECT_THAT(ToldIn(probe, "uk"), HasSubstr("Увійдіть"));
  EXPECT_THAT(ToldIn(probe, "tt"), HasSubstr("керегез"));
  EXPECT_THAT(ToldIn(probe, nullptr), HasSubstr("Войдите")) << "the city's";
  EXPECT_THAT(ToldIn(probe, "de"), HasSubstr("Войдите"));
}

// The language of an Echo by a resident with `locale` in the token.
std::string LanguageOfCall(const char* locale, const char* asked) {
  Probe probe;
  std::string language;
  probe.handlers.echo = [&](const Call& call, const v1::EchoRequest&) {
    language = call.language();
    return v1::EchoResponse();
  };
  auth::Principal caller = testing::Resident("a");
  caller.locale = locale;
  auto context = probe.ContextFor(caller);
  if (asked != nullptr) context->AddMetadata("x-veche-language", asked);
  EXPECT_OK(probe.Echo(*context));
  return language;
}

TEST(DispatcherTest, TheTokensLocaleAppliesWhenTheCallerAsksForNoLanguage) {
  EXPECT_EQ(LanguageOfCall("uk", nullptr), "uk");
  EXPECT_EQ(LanguageOfCall("uk", "de"), "uk");
  EXPECT_EQ(LanguageOfCall("uk", "en"), "en");
  EXPECT_EQ(LanguageOfCall("", nullptr), "ru") << "the city's";
  EXPECT_EQ(LanguageOfCall("xx", nullptr), "ru") << "the city's";
}

TEST(DispatcherTest, TheLanguageReachesHandlersAndGoesOn) {
  Probe first;
  Probe second;
  first.handlers.echo = [&](const Call& call, const v1::EchoRequest&) {
    EXPECT_EQ(call.language(), "tt");
    return second.Echo(*call.NewContext());
  };
  second.handlers.echo = [](const Call& call,
                            const v1::EchoRequest&) -> absl::StatusOr<v1::EchoResponse> {
    EXPECT_EQ(call.language(), "tt");
    return MakeError(absl::StatusCode::kNotFound, "probe", "NOT_HERE", {{"name", "things/1"}});
  };
  auto context = first.ContextFor();
  context->AddMetadata("x-veche-language", "tt");
  EXPECT_EQ(LocalizedMessage(first.Echo(*context).status()), "things/1 юк.");
}

TEST(DispatcherTest, WhatWentWrongInsideIsLoggedAndNotTold) {
  for (auto code : {absl::StatusCode::kInternal, absl::StatusCode::kUnknown,
                    absl::StatusCode::kDataLoss, absl::StatusCode::kUnavailable}) {
    Probe probe;
    probe.handlers.echo = [code](const Call&, const v1::EchoRequest&) {
      return absl::Status(code, "SELECT secret FROM table");
    };
    auto context = probe.ContextFor();
    context->AddMetadata("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    absl::Status status = probe.Echo(*context).status();
    EXPECT_THAT(status, StatusIs(code));
    EXPECT_THAT(status.ToString(), Not(HasSubstr("secret")));
    if (code != absl::StatusCode::kUnavailable) {
      EXPECT_THAT(std::string(status.message()), HasSubstr("4bf92f3577b34da6a3ce929d0e0e4736"));
    }
    EXPECT_THAT(probe.log(),
                ElementsAre(AllOf(HasSubstr("\"message\":\"SELECT secret FROM table\""),
                                  HasSubstr("\"method\":\"veche.testing.v1.Probe.Echo\""),
                                  HasSubstr("\"traceId\":\"4bf92f3577b34da6a3ce929d0e0e4736\""))));
  }
}

TEST(DispatcherTest, AnExceptionIsAnInternalError) {
  Probe probe;
  probe.handlers.echo = [](const Call&,
                           const v1::EchoRequest& request) -> absl::StatusOr<v1::EchoResponse> {
    if (request.text() == "odd") throw 42;
    throw std::runtime_error("secret");
  };
  for (const char* text : {"plain", "odd"}) {
    absl::Status status = probe.Echo(*probe.ContextFor(), text).status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal));
    EXPECT_THAT(status.ToString(), Not(HasSubstr("secret")));
  }
  EXPECT_THAT(probe.log(), SizeIs(2));
}

TEST(DispatcherTest, TheDeadlineReachesTheHandler) {
  Probe probe;
  absl::Time seen;
  absl::Time database_deadline;
  probe.handlers.echo = [&](const Call& call, const v1::EchoRequest&) {
    seen = call.deadline();
    database_deadline = sql::DeadlineScope::Current();
    return v1::EchoResponse();
  };
  const absl::Time deadline = absl::Now() + absl::Minutes(7);
  auto context = probe.ContextFor();
  context->set_deadline(absl::ToChronoTime(deadline));
  ASSERT_OK(probe.Echo(*context));
  EXPECT_LE(seen, deadline + absl::Seconds(1));
  EXPECT_GE(seen, deadline - absl::Seconds(30));
  EXPECT_EQ(database_deadline, seen) << "statements must not run longer than the call";

  ASSERT_OK(probe.Echo(*probe.ContextFor()));
  EXPECT_LE(seen, absl::Now() + absl::Seconds(30)) << "without one: the default";
}

TEST(DispatcherTest, CancellationReachesTheHandler) {
  Probe probe;
  absl::Notification running;
  absl::Notification saw_it;
  probe.handlers.echo = [&](const Call& call, const v1::EchoRequest&) {
    running.Notify();
    while (!call.cancelled()) absl::SleepFor(absl::Milliseconds(1));
    saw_it.Notify();
    return v1::EchoResponse();
  };
  auto context = probe.ContextFor();
  std::thread client(
      [&] { EXPECT_THAT(probe.Echo(*context), StatusIs(absl::StatusCode::kCancelled)); });
  running.WaitForNotification();
  context->TryCancel();
  saw_it.WaitForNotification();
  client.join();
}

TEST(DispatcherTest, RefusesBeyondItsQueue) {
  Probe probe({.threads = 1, .queue = 1});
  absl::Notification running;
  absl::Notification go;
  std::atomic<int> ran = 0;
  probe.handlers.echo = [&](const Call&, const v1::EchoRequest& request) {
    if (++ran == 1) running.Notify();
    go.WaitForNotification();
    return v1::EchoResponse();
  };
  std::thread first([&] { EXPECT_OK(probe.Echo(*probe.ContextFor())); });
  running.WaitForNotification();
  std::thread second([&] { EXPECT_OK(probe.Echo(*probe.ContextFor())); });
  while (probe.metrics().find("veche_rpc_queue{service=\"probe\"} 1") == std::string::npos) {
    std::this_thread::yield();
  }
  absl::Status refused = probe.Echo(*probe.ContextFor()).status();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(refused, HasReason("QUEUE_FULL"));
  EXPECT_GT(RetryAfter(refused), absl::ZeroDuration());
  go.Notify();
  first.join();
  second.join();
  EXPECT_EQ(ran, 2);
}

TEST(DispatcherTest, AfterShutdownItIsUnavailable) {
  Probe probe;
  probe.dispatcher().Shutdown();
  EXPECT_THAT(probe.Echo(*probe.ContextFor()), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(probe.log(), IsEmpty());
}

TEST(DispatcherTest, CountsCalls) {
  Probe probe;
  ASSERT_OK(probe.Echo(*probe.ContextFor()));
  ASSERT_OK(probe.Echo(*probe.ContextFor()));
  (void)Ask(probe, {}, &v1::Probe::Stub::AskResident);
  const std::string metrics = probe.metrics();
  EXPECT_THAT(metrics,
              HasSubstr(R"(veche_rpc_calls_total{code="OK",method="Echo",service="probe"} 2)"));
  EXPECT_THAT(metrics, HasSubstr(R"(veche_rpc_calls_total{code="UNAUTHENTICATED",)"
                                 R"(method="AskResident",service="probe"} 1)"));
  EXPECT_THAT(metrics, HasSubstr(R"(veche_rpc_seconds_count{method="Echo",service="probe"} 2)"));
  EXPECT_THAT(metrics, HasSubstr(R"(veche_rpc_in_flight{method="Echo",service="probe"} 0)"));
}

TEST(DispatcherTest, ACallThatCouldNotAnswerInTimeIsNotMade) {
  Probe probe;
  int handled = 0;
  probe.handlers.echo = [&](const Call&, const v1::EchoRequest&) {
    ++handled;
    return v1::EchoResponse();
  };
  const auto call_with = [](absl::Duration left) {
    return Call(auth::Principal{}, observe::TraceContext::Continue(""), absl::Now() + left,
                "probe");
  };
  EXPECT_THAT(probe.Echo(*call_with(kLeastTime - absl::Milliseconds(10)).NewContext()),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(handled, 0);
  EXPECT_OK(probe.Echo(*call_with(absl::Minutes(1)).NewContext()));
  EXPECT_EQ(handled, 1);
}

TEST(DispatcherTest, ATraceAndADeadlineGoThroughThreeHops) {
  Probe last;
  Probe middle;
  Probe first;
  std::vector<observe::TraceContext> traces;
  std::vector<absl::Time> deadlines;
  auto note = [&](const Call& call) {
    traces.push_back(call.trace());
    deadlines.push_back(call.deadline());
  };
  auto pass_on = [&](Probe& next) {
    return [&](const Call& call, const v1::EchoRequest&) {
      note(call);
      return next.Echo(*call.NewContext(absl::Minutes(5)));
    };
  };
  first.handlers.echo = pass_on(middle);
  middle.handlers.echo = pass_on(last);
  last.handlers.echo = [&](const Call& call, const v1::EchoRequest&) {
    note(call);
    v1::EchoResponse response;
    response.set_text(call.principal().name);
    return response;
  };
  auto context = first.ContextFor(Resident("a"));
  context->AddMetadata("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  context->set_deadline(absl::ToChronoTime(absl::Now() + absl::Minutes(2)));
  auto response = first.Echo(*context);
  ASSERT_OK(response);
  EXPECT_EQ(response->text(), "services/probe") << "a hop is known by its service";
  ASSERT_THAT(traces, SizeIs(3));
  for (const observe::TraceContext& trace : traces) {
    EXPECT_EQ(trace.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  }
  EXPECT_NE(traces[0].parent_id, traces[1].parent_id);
  EXPECT_NE(traces[1].parent_id, traces[2].parent_id);
  EXPECT_LE(deadlines[2], absl::Now() + absl::Minutes(3)) << "below the cap of the hops";
}

TEST(DispatcherTest, ATokenForOneServiceOpensNoOther) {
  auth::Principal bearer = Resident("a");
  bearer.audience = "issuer:union";
  Probe ordinary, other({.audience = "issuer:city"}), meant({.audience = "issuer:union"});
  for (Probe* probe : {&ordinary, &other, &meant}) {
    probe->handlers.echo = [](const Call&, const v1::EchoRequest&) { return v1::EchoResponse(); };
  }
  for (Probe* refusing : {&ordinary, &other}) {
    const auto refused = refusing->Echo(*refusing->ContextFor(bearer));
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kUnauthenticated)) << "even where anyone may";
    EXPECT_THAT(refused, HasReason("TOKEN_INVALID"));
  }
  EXPECT_OK(meant.Echo(*meant.ContextFor(bearer)));
  EXPECT_THAT(meant.Echo(*meant.ContextFor(Resident("a"))), HasReason("TOKEN_INVALID"));
  EXPECT_OK(meant.Echo(*meant.ContextFor())) << "the method's rule admits callers without a token";
}

TEST(DispatcherTest, ACallersContextCarriesTheCallersToken) {
  Probe next;
  std::vector<std::string> principals;
  next.handlers.echo = [&](const Call& call, const v1::EchoRequest&) {
    principals.push_back(call.principal().name);
    return v1::EchoResponse();
  };
  Probe first;
  first.handlers.echo = [&](const Call& call, const v1::EchoRequest&) {
    return next.Echo(*call.NewCallersContext());
  };
  ASSERT_OK(first.Echo(*first.ContextFor(Resident("a"))));
  EXPECT_THAT(principals, ElementsAre("residents/a"));
}

}  // namespace
}  // namespace veche::rpc::testing

#include <gmock/gmock.h>
#include <zlib.h>

#include "absl/strings/str_cat.h"
#include "services/gateway/testing/gateway_fixture.h"

namespace veche::gateway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class UnaryTest : public GatewayTest {
 protected:
  UnaryTest() { Start(); }
};

TEST_F(UnaryTest, CreatesWithLocationAndEtag) {
  http::testing::Client client(port());
  const auto response =
      client.Post("/v1/gadgets", R"({"title": "яма", "material": "STEEL", "weight": "12"})");
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.Header("location"), "/v1/gadgets/new");
  EXPECT_EQ(response.Header("etag"), "\"1\"");
  EXPECT_EQ(response.Header("content-type"), "application/json");
  EXPECT_EQ(response.Header("x-content-type-options"), "nosniff");
  EXPECT_EQ(response.Header("cache-control"), "no-store");
  EXPECT_THAT(response.body, HasSubstr(R"("title":"яма")"));
  EXPECT_THAT(response.body, HasSubstr(R"("weight":"12")"));
}

TEST_F(UnaryTest, LeavesTheLanguageToTheServiceWhenTheClientAsksForNone) {
  http::testing::Client client(port());
  const auto response = client.Get("/v1/gadgets/a", "Authorization: Bearer t\r\n");
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, Not(HasSubstr("x-veche-language")));
}

TEST_F(UnaryTest, PassesHeadersOnAndNoOthers) {
  http::testing::Client client(port());
  const auto response = client.Get(
      "/v1/gadgets/a",
      "Authorization: Bearer t\r\nAccept-Language: tt\r\nIdempotency-Key: k\r\nX-Secret: s\r\n"
      "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n");
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr(R"("authorization":"Bearer t")"));
  EXPECT_THAT(response.body, HasSubstr(R"("x-veche-language":"tt")"));
  EXPECT_THAT(response.body, HasSubstr(R"("idempotency-key":"k")"));
  EXPECT_THAT(response.body, HasSubstr("00-0af7651916cd43dd8448eb211c80319c-"));
  EXPECT_THAT(response.body, Not(HasSubstr("x-secret")));
  EXPECT_EQ(response.Header("cache-control"), "no-store");
}

TEST_F(UnaryTest, PassesNothingOnThatNamesAnAnonymousCaller) {
  http::testing::Client client(port());
  const auto response =
      client.Get("/v1/anonymous/gadgets/a",
                 "Accept-Language: tt\r\nIdempotency-Key: k\r\n"
                 "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n");
  EXPECT_EQ(response.status, 202) << "the answer has no title";
  EXPECT_THAT(response.body, HasSubstr(R"("x-veche-language":"tt")"));
  EXPECT_THAT(response.body, Not(HasSubstr("x-veche-client-address")));
  EXPECT_THAT(response.body, Not(HasSubstr("idempotency-key")));
  EXPECT_THAT(response.body, Not(HasSubstr("0af7651916cd43dd8448eb211c80319c")));
  EXPECT_EQ(client.Get("/v1/anonymous/gadgets/big").status, 200);
  EXPECT_THAT(client.Get("/v1/gadgets/a").body, HasSubstr("x-veche-client-address"));
}

TEST_F(UnaryTest, RefusesWhatNamesAnAnonymousCaller) {
  for (const char* header : {"Authorization: Bearer t\r\n", "Cookie: a=b\r\n"}) {
    http::testing::Client client(port());
    const auto response = client.Get("/v1/anonymous/gadgets/big", header);
    EXPECT_EQ(response.status, 400);
    EXPECT_THAT(response.body,
                HasSubstr("must not be sent: nobody may learn who makes this request"));
  }
}

TEST_F(UnaryTest, ReadsQueryParameters) {
  http::testing::Client client(port());
  const auto response =
      client.Get("/v1/gadgets?pageSize=3&tags=a&tags=b%26+c&part.title=%D1%8F&material=WOOD");
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr(R"("pageSize":3,"tags":["a","b& c"])"));
  EXPECT_THAT(response.body, HasSubstr(R"("title":"я")"));
}

TEST_F(UnaryTest, NamesEveryWrongQueryParameter) {
  http::testing::Client client(port());
  const auto response = client.Get("/v1/gadgets?pageSize=x&colour=red&material=WOOD&material=WOOD");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.Header("content-type"), "application/problem+json");
  EXPECT_THAT(response.body, HasSubstr(R"("code":"INVALID_ARGUMENT")"));
  for (const char* field : {"pageSize", "colour", "material"}) {
    EXPECT_THAT(response.body, HasSubstr(absl::StrCat(R"("field":")", field, "\""))) << field;
  }
}

TEST_F(UnaryTest, RefusesBrokenTargets) {
  http::testing::Client client(port());
  EXPECT_EQ(client.Get("/v1/gadgets/%zz").status, 400);
  EXPECT_EQ(client.Get("/v1/gadgets/%00").status, 400);
  EXPECT_EQ(client.Get("/v1/gadgets/%FF").status, 400);
  EXPECT_EQ(client.Get("/v1/gadgets?tags=%FF").status, 400);
  EXPECT_EQ(client.Get("/v1/gadgets?tags=%00").status, 400);
}

TEST_F(UnaryTest, TellsUnknownRoutesFromWrongMethods) {
  http::testing::Client client(port());
  const auto unknown = client.Get("/v1/nothing");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_THAT(unknown.body, HasSubstr("ROUTE_NOT_FOUND"));
  EXPECT_THAT(unknown.body, HasSubstr("\"traceId\":"));
  const auto method = client.Request("PUT", "/v1/gadgets");
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(method.Header("allow"), "GET, HEAD, POST, OPTIONS");
  const auto options = client.Request("OPTIONS", "/v1/gadgets/a");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.Header("allow"), "GET, HEAD, PATCH, OPTIONS");
  EXPECT_EQ(client.Get("/v1/gadgets/").status, 404);
  EXPECT_EQ(client.Get("/v1/gadgets/a:unknown").status, 404);
}

TEST_F(UnaryTest, AnswersHeadWithoutBody) {
  http::testing::Client client(port());
  const auto head = client.Request("HEAD", "/v1/gadgets/a");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.Header("etag"), "\"7\"");
  const auto get = client.Get("/v1/gadgets/a");
  EXPECT_EQ(get.status, 200);
  EXPECT_FALSE(get.body.empty());
}

TEST_F(UnaryTest, ServesAdditionalBindings) {
  http::testing::Client client(port());
  EXPECT_THAT(client.Get("/v2/things/a%2Fb").body, HasSubstr(R"("name":"a/b")"));
}

TEST_F(UnaryTest, WantsJson) {
  http::testing::Client client(port());
  const auto form = client.Request(
      "POST", "/v1/gadgets", "Content-Type: application/x-www-form-urlencoded\r\n", "title=x");
  EXPECT_EQ(form.status, 415);
  EXPECT_THAT(form.body, HasSubstr("UNSUPPORTED_MEDIA_TYPE"));
  http::testing::Client second(port());
  EXPECT_EQ(second.Request("POST", "/v1/gadgets", "", "{}").status, 415);
  http::testing::Client third(port());
  const absl::string_view charset = "Content-Type: Application/JSON; charset=\"UTF-8\"\r\n";
  EXPECT_EQ(third.Request("POST", "/v1/gadgets", charset, "{}").status, 201);
  EXPECT_EQ(third
                .Request("POST", "/v1/gadgets",
                         "Content-Type: application/json; charset=cp1251\r\n", "{}")
                .status,
            415);
}

TEST_F(UnaryTest, TakesNoCompressedBodies) {
  http::testing::Client client(port());
  EXPECT_EQ(client.Post("/v1/gadgets", "{}", "Content-Encoding: gzip\r\n").status, 415);
}

TEST_F(UnaryTest, TellsWhereJsonIsBroken) {
  http::testing::Client client(port());
  const auto response = client.Post("/v1/gadgets", "{\"title\": \"a\",\n \"weight\": }");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr(R"("reason":"BROKEN_JSON")"));
  EXPECT_THAT(response.body, HasSubstr("line 2"));
}

TEST_F(UnaryTest, NamesEveryWrongFieldOfBodyAndQuery) {
  http::testing::Client client(port());
  const auto response = client.Post(
      "/v1/gadgets?nope=1", R"({"titel": "a", "weight": "x", "part": {"material": "GLASS"}})");
  EXPECT_EQ(response.status, 400);
  for (const char* field : {"titel", "weight", "part.material", "nope"}) {
    EXPECT_THAT(response.body, HasSubstr(absl::StrCat(R"("field":")", field, "\""))) << field;
  }
}

TEST_F(UnaryTest, TakesAnEmptyBodyAsAnEmptyMessage) {
  http::testing::Client client(port());
  EXPECT_EQ(client.Request("POST", "/v1/counters/a:bump").status, 200);
}

TEST_F(UnaryTest, AnswersNotModified) {
  http::testing::Client client(port());
  const auto etagged = client.Get("/v1/gadgets/a", "If-None-Match: \"3\", \"7\"\r\n");
  EXPECT_EQ(etagged.status, 304);
  EXPECT_EQ(etagged.Header("etag"), "\"7\"");
  const auto plain = client.Get("/v1/gadgets/plain", "Authorization: Bearer same\r\n");
  EXPECT_THAT(plain.Header("etag"), ::testing::StartsWith("W/\""));
  EXPECT_EQ(client.Get("/v1/gadgets/a", "If-None-Match: \"6\"\r\n").status, 200);
}

TEST_F(UnaryTest, ChecksIfMatch) {
  http::testing::Client client(port());
  const char* body = R"({"title": "b"})";
  EXPECT_EQ(client.Post("/v1/gadgets/a", body, "If-Match: \"7\"\r\n", "PATCH").status, 200);
  const auto stale = client.Post("/v1/gadgets/a", body, "If-Match: \"6\"\r\n", "PATCH");
  EXPECT_EQ(stale.status, 412);
  EXPECT_THAT(stale.body, HasSubstr("ETAG_MISMATCH"));
  EXPECT_EQ(client.Post("/v1/gadgets/a", body, "If-Match: 7\r\n", "PATCH").status, 400);
  const auto unsupported = client.Post("/v1/gadgets", "{}", "If-Match: \"7\"\r\n");
  EXPECT_EQ(unsupported.status, 412);
  EXPECT_THAT(unsupported.body, HasSubstr("IF_MATCH_NOT_SUPPORTED"));
}

TEST_F(UnaryTest, CompressesLargeAnswers) {
  http::testing::Client client(port());
  const auto plain = client.Get("/v1/gadgets/big");
  const auto packed = client.Get("/v1/gadgets/big", "Accept-Encoding: br, gzip;q=0.8\r\n");
  EXPECT_EQ(plain.Header("content-encoding"), "");
  ASSERT_EQ(packed.Header("content-encoding"), "gzip");
  EXPECT_LT(packed.body.size(), 500);
  EXPECT_EQ(packed.Header("etag"), "W/\"7\"");
  std::string text(10000, '\0');
  z_stream stream = {};
  ASSERT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.body.data()));
  stream.avail_in = packed.body.size();
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = text.size();
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  EXPECT_EQ(text.size(), plain.body.size());
  EXPECT_EQ(client.Get("/v1/gadgets/a", "Accept-Encoding: gzip\r\n").Header("content-encoding"),
            "");
}

TEST_F(UnaryTest, RefusesHeadersThatGrpcCannotCarry) {
  http::testing::Client client(port());
  EXPECT_EQ(client.Get("/v1/gadgets/a", "Authorization: Bearer \xff\xfe\r\n").status, 401);
  EXPECT_EQ(client.Get("/v1/gadgets/a", "Accept-Language: \xd1\x8f\r\n").status, 400);
  const auto key = client.Post("/v1/gadgets", "{}",
                               absl::StrCat("Idempotency-Key: ", std::string(129, 'k'), "\r\n"));
  EXPECT_EQ(key.status, 400);
  EXPECT_THAT(key.body, HasSubstr("Idempotency-Key"));
}

// The detail of an unknown path, and the description of an unknown field, by Accept-Language.
TEST_F(UnaryTest, SpeaksTheClientsLanguage) {
  struct Case {
    const char* header;
    const char* language;
    const char* detail;
    const char* description;
  };
  const Case cases[] = {
      {"", "en", "There is nothing at this path", "is not a field of this message"},
      {"Accept-Language: de\r\n", "en", "There is nothing", "is not a field"},
      {"Accept-Language: en-GB\r\n", "en", "There is nothing", "is not a field"},
      {"Accept-Language: ru-RU, en;q=0.8\r\n", "ru", "По этому адресу ничего нет",
       "такого поля нет"},
      {"Accept-Language: en;q=0.5, uk\r\n", "uk", "За цією адресою нічого немає",
       "такого поля немає"},
      {"Accept-Language: tt\r\n", "tt", "Бу адреста бернәрсә дә юк", "мондый кыр юк"},
  };
  http::testing::Client client(port());
  for (const Case& c : cases) {
    const auto unrouted = client.Get("/v1/nothing", c.header);
    EXPECT_EQ(unrouted.Header("content-language"), c.language);
    EXPECT_THAT(unrouted.body, HasSubstr(c.detail));
    const auto bad = client.Post("/v1/gadgets", R"({"nope":1})", c.header);
    EXPECT_EQ(bad.Header("content-language"), c.language);
    EXPECT_THAT(bad.body,
                HasSubstr(absl::StrCat(R"({"field":"nope","description":")", c.description)));
  }
}

struct Mapping {
  absl::StatusCode code;
  const char* reason;
  int status;
};

TEST_F(UnaryTest, MapsErrorsToStatuses) {
  using Code = absl::StatusCode;
  const Mapping mappings[] = {
      {Code::kInvalidArgument, "", 400},
      {Code::kOutOfRange, "", 400},
      {Code::kUnauthenticated, "", 401},
      {Code::kPermissionDenied, "", 403},
      {Code::kNotFound, "", 404},
      {Code::kAlreadyExists, "", 409},
      {Code::kAborted, "", 409},
      {Code::kAborted, "ETAG_MISMATCH", 412},
      {Code::kFailedPrecondition, "", 422},
      {Code::kResourceExhausted, "", 503},
      {Code::kResourceExhausted, "QUEUE_FULL", 503},
      {Code::kResourceExhausted, "DATABASE_BUSY", 503},
      {Code::kResourceExhausted, "DISK_FULL", 503},
      {Code::kResourceExhausted, "TOO_MANY_WATCHERS", 503},
      {Code::kResourceExhausted, "TOO_MANY_CODES", 429},
      {Code::kResourceExhausted, "FILE_TOO_LARGE", 413},
      {Code::kAborted, "IDEMPOTENCY_KEY_IN_USE", 409},
      {Code::kUnavailable, "", 503},
      {Code::kDeadlineExceeded, "", 504},
      {Code::kCancelled, "", 503},  // not by the client: the replica has stopped
      {Code::kUnimplemented, "", 501},
      {Code::kInternal, "", 500},
      {Code::kUnknown, "", 500},
      {Code::kDataLoss, "", 500},
  };
  http::testing::Client client(port());
  for (const Mapping& mapping : mappings) {
    const auto response =
        client.Post("/v1/gadgets:fail",
                    absl::StrCat(R"({"code":)", static_cast<int>(mapping.code),
                                 R"(,"message":"It is so.","reason":")", mapping.reason, "\"}"));
    EXPECT_EQ(response.status, mapping.status) << response.body;
    EXPECT_EQ(response.Header("content-type"), "application/problem+json");
    const bool retry = mapping.status == 429 || mapping.status == 503;
    EXPECT_EQ(!response.Header("retry-after").empty(), retry) << response.body;
    EXPECT_EQ(!response.Header("www-authenticate").empty(), mapping.status == 401);
  }
}

TEST_F(UnaryTest, RepeatsACallWithAKeyOnceWhenItsReplicaHasGone) {
  http::testing::Client client(port());
  const auto bump = [&](const std::string& headers) {
    return client.Post("/v1/counters/c:bump", "{}", headers).status;
  };
  constexpr char kKey[] = "Idempotency-Key: 0123456789abcdef\r\n";
  gadgets_.refusals = 1;
  EXPECT_EQ(bump(kKey), 200);
  EXPECT_EQ(gadgets_.counter, 1);
  gadgets_.refusals = 1;
  EXPECT_EQ(bump(""), 503) << "it may have had its effect";
  EXPECT_EQ(gadgets_.counter, 1);
  gadgets_.refusals = 2;
  EXPECT_EQ(bump(kKey), 503) << "once";
  EXPECT_EQ(gadgets_.refusals, 0);
}

TEST_F(UnaryTest, RepeatsAReadThatAStoppingReplicaCancels) {
  http::testing::Client client(port());
  gadgets_.cancellations = 1;
  EXPECT_EQ(client.Get("/v1/counters/c").status, 200) << "through the cache";
  gadgets_.cancellations = 1;
  EXPECT_EQ(client.Get("/v1/counters/c", "Authorization: Bearer t\r\n").status, 200);
  gadgets_.cancellations = 2;
  EXPECT_EQ(client.Get("/v1/counters/d").status, 503) << "once";
}

TEST_F(UnaryTest, PassesViolationsAndRetryDelayOn) {
  http::testing::Client client(port());
  const auto bad = client.Post("/v1/gadgets:fail", R"({"fields": ["a.b", "c[0]"]})");
  EXPECT_EQ(bad.status, 400);
  EXPECT_THAT(
      bad.body,
      HasSubstr(R"("violations":[{"field":"a.b","description":"is wrong"},{"field":"c[0]")"));
  const auto busy = client.Post(
      "/v1/gadgets:fail", R"({"code": 10, "reason": "IDEMPOTENCY_KEY_IN_USE", "retrySeconds": 3})");
  EXPECT_EQ(busy.status, 409);
  EXPECT_EQ(busy.Header("retry-after"), "3");
}

TEST_F(UnaryTest, HidesTheInsideOfErrors) {
  http::testing::Client client(port());
  for (const int code : {2, 13, 15, 14, 12, 8}) {
    const auto response = client.Post(
        "/v1/gadgets:fail", absl::StrCat(R"({"code":)", code, R"(,"message":"SELECT * FROM x"})"));
    EXPECT_THAT(response.body, Not(HasSubstr("SELECT"))) << code;
  }
}

TEST_F(UnaryTest, KeepsPublicAnswersUntilTheirResourceChanges) {
  http::testing::Client client(port());
  const auto first = client.Get("/v1/counters/a");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.Header("cache-control"), "public, max-age=60");
  EXPECT_EQ(client.Get("/v1/counters/a").body, first.body);
  EXPECT_EQ(gadgets_.counter_reads, 1);
  EXPECT_EQ(
      client.Get("/v1/counters/a", absl::StrCat("If-None-Match: ", first.Header("etag"), "\r\n"))
          .status,
      304);
  EXPECT_EQ(client.Get("/v1/counters/a", "Authorization: Bearer x\r\n").status, 200);
  EXPECT_EQ(gadgets_.counter_reads, 2);  // with a token the answer may differ
  EXPECT_EQ(client.Request("POST", "/v1/counters/a:bump").status, 200);
  EXPECT_THAT(client.Get("/v1/counters/a").body, HasSubstr("\"value\":1"));
  clock_.Advance(absl::Seconds(61));
  client.Get("/v1/counters/a");
  EXPECT_EQ(gadgets_.counter_reads, 4);
}

TEST_F(UnaryTest, SendsDocumentsAsTheyAre) {
  http::testing::Client client(port());
  const std::string russian = "Accept-Language: ru\r\n";
  const auto first = client.Get("/manuals/all.xml", russian);
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.Header("content-type"), "application/xml; charset=utf-8");
  EXPECT_EQ(first.body, "<reads>1ru</reads>");
  EXPECT_THAT(first.Header("content-security-policy"), HasSubstr("default-src 'none'"));
  EXPECT_EQ(client.Get("/manuals/all.xml", russian).body, first.body);
  EXPECT_EQ(client
                .Get("/manuals/all.xml",
                     absl::StrCat(russian, "If-None-Match: ", first.Header("etag"), "\r\n"))
                .status,
            304);
  // Another language has its own answer; with a token none is kept.
  EXPECT_EQ(client.Get("/manuals/all.xml", "Accept-Language: tt\r\n").body, "<reads>2tt</reads>");
  EXPECT_EQ(client.Get("/manuals/all.xml", russian + "Authorization: Bearer x\r\n")
                .Header("content-type"),
            "application/xml; charset=utf-8");
  EXPECT_EQ(gadgets_.counter_reads, 3);
}

TEST_F(UnaryTest, CountsRequestsByRoute) {
  http::testing::Client client(port());
  client.Get("/v1/gadgets/a");
  client.Get("/v1/gadgets/%FF");
  Stop();
  double found = 0;
  for (const auto& family : telemetry_.metrics->Collect()) {
    if (family.name != "veche_http_requests_total") continue;
    for (const auto& metric : family.metric) {
      for (const auto& label : metric.label) {
        if (label.name == "route" && label.value == "/v1/{name=gadgets/*}") {
          found += metric.counter.value;
        }
      }
    }
  }
  EXPECT_EQ(found, 1);
}

}  // namespace
}  // namespace veche::gateway::testing

#include "services/gateway/calls/problem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace veche::gateway {
namespace {

using ::testing::HasSubstr;

const Texts& CommonCatalogue() {
  static const Texts texts = *Texts::Parse({CommonTexts()});
  return texts;
}

ProblemContext In(absl::string_view language, absl::string_view trace_id = "") {
  return {CommonCatalogue(), language, trace_id};
}

TEST(ProblemTest, SaysAllThatAClientNeeds) {
  const absl::Status status = MakeOperatorError(absl::StatusCode::kFailedPrecondition, "appeals",
                                                "WRONG_STATE", "The appeal is CLOSED.");
  EXPECT_EQ(ProblemJson(status, In("en", "abc")),
            R"({"type":"urn:veche:problem:WRONG_STATE","title":"Unprocessable Content",)"
            R"("status":422,"detail":"The appeal is CLOSED.","code":"FAILED_PRECONDITION",)"
            R"("reason":"WRONG_STATE","traceId":"abc"})");
}

TEST(ProblemTest, RoundsRetryAfterUp) {
  const auto response = ProblemResponse(
      WithRetryAfter(absl::UnavailableError("x"), absl::Milliseconds(1200)), In("en"));
  EXPECT_THAT(response.headers, HasSubstr("Retry-After: 2\r\n"));
}

TEST(ProblemTest, AsksForATokenOrABetterOne) {
  EXPECT_THAT(
      ProblemResponse(GatewayError(absl::StatusCode::kUnauthenticated, "TOKEN_REQUIRED"), In("en"))
          .headers,
      HasSubstr("WWW-Authenticate: Bearer realm=\"veche\"\r\n"));
  EXPECT_THAT(
      ProblemResponse(GatewayError(absl::StatusCode::kUnauthenticated, "TOKEN_EXPIRED"), In("en"))
          .headers,
      HasSubstr("error=\"invalid_token\""));
}

// Title and detail of an error in each language.
TEST(ProblemTest, SpeaksEachLanguage) {
  struct Case {
    absl::Status status;
    absl::string_view language;
    absl::string_view title;
    absl::string_view detail;
  };
  const Case cases[] = {
      {GatewayError(absl::StatusCode::kNotFound, "ROUTE_NOT_FOUND"), "en", "Not Found",
       "There is nothing at this path"},
      {GatewayError(absl::StatusCode::kNotFound, "ROUTE_NOT_FOUND"), "ru", "Не найдено",
       "По этому адресу ничего нет"},
      {GatewayError(absl::StatusCode::kNotFound, "ROUTE_NOT_FOUND"), "uk", "Не знайдено",
       "За цією адресою нічого немає"},
      {GatewayError(absl::StatusCode::kNotFound, "ROUTE_NOT_FOUND"), "tt", "Табылмады",
       "Бу адреста бернәрсә дә юк"},
      {absl::InternalError("secret"), "ru", "Ошибка сервера", "сообщите нам номер: 4bf9."},
      {absl::UnavailableError("secret"), "uk", "Сервіс недоступний", "Повторіть за кілька секунд"},
      {absl::DeadlineExceededError("secret"), "tt", "Хезмәт вакытында җавап бирмәде",
       "Сорауны кабатлагыз"},
      {absl::ResourceExhaustedError("secret"), "ru", "Сервис недоступен", "перегружен"},
      {absl::UnimplementedError("secret"), "ru", "Не поддерживается", "не умеет"},
      {absl::CancelledError("secret"), "ru", "Запрос отменён", "Запрос отменён."},
  };
  for (const Case& c : cases) {
    const http::Response response = ProblemResponse(c.status, In(c.language, "4bf9"));
    EXPECT_THAT(response.body, HasSubstr(absl::StrCat("\"title\":\"", c.title, "\"")));
    EXPECT_THAT(response.body, HasSubstr(c.detail));
    EXPECT_THAT(response.body, ::testing::Not(HasSubstr("secret")));
    EXPECT_THAT(response.headers, HasSubstr(absl::StrCat("Content-Language: ", c.language)));
    EXPECT_THAT(response.headers, HasSubstr("Vary: Accept-Language\r\n"));
  }
}

TEST(ProblemTest, KeepsWhatTheServiceTold) {
  const absl::Status told = Localize(GatewayError(absl::StatusCode::kNotFound, "ROUTE_NOT_FOUND"),
                                     CommonCatalogue(), "tt");
  const http::Response response = ProblemResponse(told, In("ru"));
  EXPECT_THAT(response.body, HasSubstr("Бу адреста бернәрсә дә юк"));
  EXPECT_THAT(response.body, HasSubstr("Табылмады"));
  EXPECT_THAT(response.headers, HasSubstr("Content-Language: tt"));
}

}  // namespace
}  // namespace veche::gateway

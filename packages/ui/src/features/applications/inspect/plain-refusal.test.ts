import { ApiError } from "../../../api/client.ts";
import { plainRefusal } from "./plain-refusal.ts";

describe("plainRefusal", () => {
  it("keeps the reason and leaves the quoted object out", () => {
    const error = plainRefusal(new ApiError(422, 'error patching resource: "" is invalid: patch: Invalid value: "{\\"kind\\":\\"Deployment\\"}": strict decoding error: unknown field "spec.replica"'));
    expect(error).toMatchObject({ status: 422, message: 'strict decoding error: unknown field "spec.replica"' });
  });

  it("leaves other errors as they are", () => {
    const errors = [new ApiError(403, "permission denied"), new TypeError("x")];
    expect(errors.map(plainRefusal)).toEqual(errors);
  });
});

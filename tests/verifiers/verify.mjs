// Independent verifiers over what the platform serves. In: {cases: [{credential, documents, now}],
// jwts: [{text, jwks, now}]} on standard input; out: what each of them says, as JSON.
// Nothing is fetched: a document that is not handed in does not exist.
import fs from 'node:fs';
import * as db from '@digitalbazaar/vc';
import * as dcc from '@digitalcredentials/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as jcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import * as jose from 'jose';

const MULTIKEY = 'https://w3id.org/security/multikey/v1';
const suite = [
  new DataIntegrityProof({cryptosuite: rdfc}),
  new DataIntegrityProof({cryptosuite: jcs.cryptosuite ?? jcs.createVerifyCryptosuite()})];

function loader(documents) {
  return async url => {
    let document = documents[url];
    if(!document) {
      const whole = documents[url.split('#')[0]];
      const method = whole?.verificationMethod?.find(one => one.id === url);
      if(!method) throw new Error('not handed in: ' + url);
      document = {'@context': MULTIKEY, ...method};
    }
    return {contextUrl: null, documentUrl: url, document};
  };
}

function reasons(answer) {
  const found = new Set();
  const walk = one => { if(one) { found.add(one.message); (one.errors ?? []).forEach(walk); } };
  walk(answer.error);
  walk(answer.statusResult?.error);
  (answer.statusResult?.results ?? []).forEach(one => walk(one.error));
  (answer.results ?? []).forEach(one => walk(one.error));
  return [...found].filter(Boolean);
}

async function ask(vc, {credential, documents, now}) {
  const documentLoader = loader(documents);
  let answer;
  try {
    answer = await vc.verifyCredential({
      credential, suite, documentLoader, now: new Date(now),
      checkStatus: options => checkStatus({...options, suite, verifyStatusListCredential: true})});
  } catch(error) {
    answer = {verified: false, error};
  }
  const proofs = {};
  for(const one of answer.results ?? []) {
    if(one.proof) proofs[one.proof.verificationMethod.split('#')[1]] = one.verified;
  }
  const status = {};
  for(const one of answer.statusResult?.results ?? []) {
    status[one.credentialStatus.statusPurpose] = one.status;
  }
  return {verified: answer.verified, proofs, status, reasons: reasons(answer)};
}

async function askJwt({text, jwks, now}) {
  try {
    const found = await jose.jwtVerify(text, jose.createLocalJWKSet(jwks), {currentDate: new Date(now)});
    return {verified: true, alg: found.protectedHeader.alg, payload: found.payload};
  } catch(error) {
    return {verified: false, reasons: [error.message]};
  }
}

const asked = JSON.parse(fs.readFileSync(0, 'utf8'));
const said = {cases: [], jwts: []};
for(const one of asked.cases) {
  said.cases.push({digitalbazaar: await ask(db, one), digitalcredentials: await ask(dcc, one)});
}
for(const one of asked.jwts ?? []) said.jwts.push(await askJwt(one));
console.log(JSON.stringify(said));

// For mongosh. Makes the replica set and the two users of the product; whatever is there already stays as it is.
const { ORGANISATION, ROOT_PASSWORD, PASSWORD, KEYS_PASSWORD } = process.env;
const hosts = ['mongodb-1:27017', 'mongodb-2:27017', 'mongodb-3:27017'];
const asRoot = (address) => new Mongo(`mongodb://root:${ROOT_PASSWORD}@${address}`).getDB('admin');

// The set does not exist yet, so only the first member can be asked, and directly.
const first = asRoot(`${hosts[0]}/?directConnection=true&authSource=admin`);
try {
  first.adminCommand({ replSetGetStatus: 1 });
} catch (error) {
  if (error.codeName !== 'NotYetInitialized') throw error;
  first.adminCommand({ replSetInitiate: { _id: 'baobei', members: hosts.map((host, _id) => ({ _id, host })) } });
}

// The driver waits for a primary by itself.
const admin = asRoot(`${hosts.join(',')}/?replicaSet=baobei&authSource=admin&serverSelectionTimeoutMS=60000`);
const user = (name, password, database) => {
  if (admin.getUser(name) === null) admin.createUser({ user: name, pwd: password, roles: [{ role: 'readWrite', db: database }] }, { w: 'majority' });
};
user('baobei', PASSWORD, `baobei-${ORGANISATION}`);
user('baobei-keys', KEYS_PASSWORD, `baobei-keys-${ORGANISATION}`);

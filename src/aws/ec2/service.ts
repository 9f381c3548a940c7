import { EC2Client } from '@aws-sdk/client-ec2';
import type { Ec2Reader, Ec2Writer } from '../../../tools/ports/ec2.ts';
import type { Service, Session } from '../../../tools/ports/service.ts';
import { ec2Keeper } from './keeper.ts';
import { ec2Reader } from './reader.ts';
import { ec2Writer } from './writer.ts';

export const EC2: Service<Ec2Reader, object, Ec2Writer> = {
  name: 'ec2',
  readers: (session) => ec2Reader(session.client(EC2Client)),
  writers: (session) => ec2Writer(session.client(EC2Client)),
};

export const ec2ThingsKeeper = (session: Session) => ec2Keeper(session.client(EC2Client));
